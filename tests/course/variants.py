"""Submissions made from the model solutions: one function alone, and answers of a wrong kind."""

import ast
import functools
import textwrap

import nbformat

import bank
import build
import sample_class
from release import ROOT

# What a function may return instead of the right thing, as the body of a wrapper that knows the
# model solution as ``_model_solution``.  The words are what the message must contain.
WRONG_KINDS = {
    "none": ("return None", ["None"]),
    "nan": ("return spoiled(_model_solution(*args, **kwargs))", ["nan"]),
    "shape": ("return reshaped(_model_solution(*args, **kwargs))", ["shape"]),
    "type": ("return 'three'", ["str"]),
    "raises": ("raise ValueError('the cause of it')", ["ValueError", "the cause of it"]),
}
HELPERS = '''
def spoiled(value):
    """Return the value with every number replaced by NaN."""
    if isinstance(value, (tuple, list)):
        return type(value)(map(spoiled, value))
    return np.full(np.shape(value), np.nan)[()]


def reshaped(value):
    """Return the value with one axis more, in all its parts."""
    if isinstance(value, tuple):
        return tuple(map(reshaped, value))
    return np.asarray(value)[None]
'''


@functools.cache
def stubs(assignment):
    """Return the solution cells as they are released."""
    name, _ = build.build_notebook(build.masters()[assignment])
    released = nbformat.read(ROOT / "release" / assignment / f"{name}.ipynb", as_version=4)
    _, solutions = sample_class.model_solutions(assignment)
    return {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") in solutions
    }


def self_contained(assignment, function):
    """Return the model solution with every earlier function that it uses inside it."""
    _, solutions = sample_class.model_solutions(assignment)
    names = list(solutions)
    source = solutions[function]
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    earlier = names[: names.index(function)]
    if not used & set(earlier):
        return source
    inside = "\n\n".join([*(solutions[name] for name in earlier), source])
    return (
        f"def _alone():\n{textwrap.indent(inside, '    ')}\n    return {function}\n\n\n"
        f"{function} = _alone()"
    )


def wrong_kind(assignment, function, kind):
    """Return a solution cell whose function returns something of a wrong kind."""
    body, _ = WRONG_KINDS[kind]
    return (
        f"{self_contained(assignment, function)}\n\n\n_model_solution = {function}\n{HELPERS}\n\n"
        f"def {function}(*args, **kwargs):\n    {body}"
    )


def run_alone(task):
    """Return the verdicts when only one function is solved, {check: message or None}."""
    assignment, function = task
    solved = stubs(assignment) | {function: self_contained(assignment, function)}
    return bank.run_apart(sample_class.submission(bank.master(assignment), solved, []))


def run_wrong_kind(task):
    """Return the verdicts of a function's own checks on a wrong kind of answer."""
    assignment, function, kind = task
    answer = {function: wrong_kind(assignment, function, kind)}
    notebook = sample_class.submission(bank.master(assignment), {}, [answer])
    return bank.run_apart(bank.own_part(notebook, function))


def check_seconds(assignment):
    """Return the processor time of each check with the model solutions, {check: seconds}."""
    solutions, seconds = sample_class.model_solutions(assignment)[1], {}
    notebook = sample_class.submission(bank.master(assignment), solutions, [])
    bank.run_apart(bank.affected(notebook, solutions), seconds=seconds)
    return seconds
