"""Small mistakes made on purpose in a function: its mutants.

``mutants(source)`` takes the source of a solution cell and yields one :class:`Mutant` for every
place and every operator.  The operators are those of the mutation testing literature, with the ones
that array code asks for: axes, indices, the order of arguments, terms of a formula.
"""

import ast
import copy
import dataclasses
import difflib

BINARY = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
# The neighbour across the boundary first, then the opposite.
COMPARE = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
NAMES = {
    "argmax": "argmin",
    "argmin": "argmax",
    "any": "all",
    "all": "any",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "mean": "sum",
    "sum": "mean",
    "ones": "zeros",
    "zeros": "ones",
}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One changed source; ``change`` holds the changed lines, old ones first."""

    kind: str
    source: str
    change: str


def mutants(source):
    """Return every mutant of a source, without repetitions."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    found = {}
    for path in _paths(tree):
        for kind, replacement in _changes(_at(tree, path)):
            changed = copy.deepcopy(tree)
            _replace(changed, path, copy.deepcopy(replacement))
            try:
                text = ast.unparse(ast.fix_missing_locations(changed))
                compile(text, "mutant", "exec")
            except (SyntaxError, ValueError):  # a change that no student could run
                continue
            if text != original:
                found.setdefault(text, Mutant(kind, text, _diff(original, text)))
    return list(found.values())


def _diff(old, new):
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    kept = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return "\n".join(line[0] + " " + line[1:].strip() for line in kept)


def _paths(node, path=()):
    """Yield the way to every node that may change, as a tuple of (field, index or None)."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            steps = [(field, None, value)]
        elif isinstance(value, list):
            steps = [(field, i, item) for i, item in enumerate(value) if isinstance(item, ast.AST)]
        else:
            continue
        for name, index, child in steps:
            if isinstance(child, (ast.arguments, ast.Import, ast.ImportFrom)) or _no_effect(child):
                continue  # signatures are given
            yield (*path, (name, index))
            yield from _paths(child, (*path, (name, index)))


def _no_effect(node):
    """Docstrings, and zip's ``strict``: the contract rules out lengths that differ."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _at(tree, path):
    for field, index in path:
        tree = getattr(tree, field) if index is None else getattr(tree, field)[index]
    return tree


def _replace(tree, path, replacement):
    parent, (field, index) = _at(tree, path[:-1]), path[-1]
    if index is None:
        setattr(parent, field, replacement)
    else:
        getattr(parent, field)[index] = replacement


def _with(node, **fields):
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _changes(node):
    """Yield (kind, changed node) for one node."""
    if isinstance(node, ast.stmt):
        yield from _statement(node)
    elif isinstance(node, ast.BinOp):
        for other in BINARY.get(type(node.op), []):
            yield "operator", _with(node, op=other())
        yield "term removed", node.left
        yield "term removed", node.right
    elif isinstance(node, ast.UnaryOp):
        yield "operator", node.operand
    elif isinstance(node, ast.BoolOp):
        yield "operator", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for value in node.values:
            yield "term removed", value
    elif isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in COMPARE.get(type(op), []):
                yield "comparison", _with(node, ops=[*node.ops[:i], other(), *node.ops[i + 1 :]])
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, ast.Call):
        yield from _call(node)
    elif isinstance(node, ast.Subscript):
        yield from _index(node)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose", node.value
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield "function", _with(node, attr=NAMES[node.attr])
    elif isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield "function", _with(node, id=NAMES[node.id])
    elif isinstance(node, ast.IfExp):
        yield "condition", node.body
        yield "condition", node.orelse


def _statement(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Pass)):
        return
    yield "statement removed", ast.Pass()
    if isinstance(node, ast.AugAssign):
        store, load = node.target, copy.copy(node.target)
        load.ctx = ast.Load()
        yield "operator", ast.Assign(targets=[store], value=node.value, lineno=node.lineno)
        for other in BINARY.get(type(node.op), []):
            yield "operator", _with(node, op=other())
    elif isinstance(node, (ast.If, ast.While)):
        yield "condition", _with(node, test=ast.Constant(value=True))
        yield "condition", _with(node, test=ast.Constant(value=False))
    elif isinstance(node, ast.For):
        yield "one turn only", _with(node, body=[*node.body, ast.Break()])
    elif isinstance(node, ast.Break):
        yield "statement changed", ast.Continue()
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        for i in range(len(node.value.elts) - 1):
            yield "order", _with(node, value=_swapped(node.value, "elts", i))
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
        for i in range(len(node.targets[0].elts) - 1):
            yield "order", _with(node, targets=[_swapped(node.targets[0], "elts", i)])


def _swapped(node, field, i):
    items = list(getattr(node, field))
    items[i], items[i + 1] = items[i + 1], items[i]
    return _with(node, **{field: items})


def _constant(node):
    value = node.value
    if isinstance(value, bool):
        yield "constant", _with(node, value=not value)
    elif isinstance(value, int):
        yield "constant", _with(node, value=value + 1)
        yield "constant", _with(node, value=value - 1)
    elif isinstance(value, float):
        yield "constant", _with(node, value=value * 2 if value else 1.0)
        yield "constant", _with(node, value=value / 2 if value else -1.0)


def _call(node):
    for i in range(len(node.args) - 1):
        yield "arguments swapped", _swapped(node, "args", i)
    for i, keyword in enumerate(node.keywords):
        if not _no_effect(keyword):
            others = [*node.keywords[:i], *node.keywords[i + 1 :]]
            yield "argument removed", _with(node, keywords=others)
    # np.exp(x) -> x and x.copy() -> x: the call itself is forgotten.
    if len(node.args) == 1 and not isinstance(node.args[0], (ast.GeneratorExp, ast.Starred)):
        yield "call removed", node.args[0]
    elif not node.args and isinstance(node.func, ast.Attribute):
        yield "call removed", node.func.value


def _index(node):
    if isinstance(node.slice, ast.Tuple):
        for i in range(len(node.slice.elts) - 1):
            yield "index", _with(node, slice=_swapped(node.slice, "elts", i))
    if isinstance(node.slice, ast.Slice):
        for bound in ("lower", "upper", "step"):
            if getattr(node.slice, bound) is not None:
                yield "index", _with(node, slice=_with(node.slice, **{bound: None}))
    if isinstance(node.ctx, ast.Load):
        yield "index", node.value
