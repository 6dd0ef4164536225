"""Sphinx extension: chapters show the package's own source, and docstrings find its public names.

The directive ``{mixcore-source} NAME`` shows a function, method or class as it stands in the
package, without its docstring, and links its caption to the API reference.  NAME is a public name,
such as ``fit_gaussian`` or ``GaussianMixture.sample``, or a path from a module, such as
``kmeans.lloyd`` or, for a function inside a function, ``_synthetic_points.synthetic_points.cd``.
Its options:

- ``:of: NAME``, the public name to link to; needed where the shown one is not public, for a link
  that leads nowhere fails the build;
- ``:docstring:``, which keeps the docstring;
- ``:start-at: TEXT`` and ``:end-at: TEXT``, which show the lines from the first that holds the one
  to the next that holds the other;
- ``:name: LABEL``, a label for cross-references.
"""

import ast
import inspect
import re
import textwrap
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives.code import container_wrapper
from sphinx.util.docutils import SphinxDirective

import mixcore

PACKAGE = Path(mixcore.__file__).parent
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def place(name):
    """Return (file, names of the definitions from the outermost to the one that NAME means)."""
    first, *rest = name.split(".")
    if rest and (PACKAGE / f"{first}.py").is_file():
        return PACKAGE / f"{first}.py", rest
    if first not in mixcore.__all__:
        raise LookupError(f"mixcore has no name {name}: {first} is neither public nor a module")
    return Path(inspect.getsourcefile(getattr(mixcore, first))), [first, *rest]


def source(name, *, docstring=False):
    """Return (file, lines of the definition that NAME means)."""
    path, names = place(name)
    text = path.read_text(encoding="utf-8")
    node = ast.parse(text)
    for part in names:
        found = [n for n in node.body if isinstance(n, DEFINITIONS) and n.name == part]
        if not found:
            raise LookupError(f"mixcore has no name {name}: there is no {part} in {path.name}")
        node = found[-1]
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    if not docstring and ast.get_docstring(node) is not None:
        told = node.body[0]
        after = told.end_lineno - first + 1
        # A class has an empty line between its docstring and what follows.
        after += after < len(lines) and not lines[after].strip()
        del lines[told.lineno - first : after]
    return path, textwrap.dedent("\n".join(lines)).splitlines()


def cut(lines, start, end):
    """Return the lines from the first that holds START to the next that holds END."""
    for text, first in ((start, True), (end, False)):
        if text is None:
            continue
        at = next((i for i, line in enumerate(lines) if text in line), None)
        if at is None:
            raise LookupError(f"no line holds {text!r}")
        lines = lines[at:] if first else lines[: at + 1]
    return textwrap.dedent("\n".join(lines)).splitlines()


class MixcoreSource(SphinxDirective):
    """Shows source of the package; see the module's docstring."""

    required_arguments = 1
    option_spec = {  # noqa: RUF012 - docutils reads the class
        "of": directives.unchanged_required,
        "docstring": directives.flag,
        "start-at": directives.unchanged_required,
        "end-at": directives.unchanged_required,
        "name": directives.unchanged_required,
    }

    def run(self):
        """Return the highlighted source with its caption."""
        name = self.arguments[0]
        start, end = self.options.get("start-at"), self.options.get("end-at")
        try:
            path, lines = source(name, docstring="docstring" in self.options)
            lines = cut(lines, start, end)
        except LookupError as error:
            raise self.error(f"mixcore-source {name}: {error}") from None
        self.env.note_dependency(str(path))
        public = self.options.get("of", name)
        block = nodes.literal_block("\n".join(lines), "\n".join(lines), language="python")
        self.set_source_info(block)
        wrapped = container_wrapper(self, block, self._caption(name, public, path))
        self.add_name(wrapped)
        return [wrapped]

    def _caption(self, name, public, path):
        """Return the caption in MyST: what is shown, and where the reference has it."""
        link = f"{{py:obj}}`{public} <mixcore.{public}>`"
        part = "Part of " if {"start-at", "end-at"} & self.options.keys() else ""
        if public == name:
            return f"{part}{link}, from `mixcore/{path.name}`"
        return f"{part}`{name.split('.')[-1]}` of {link}, from `mixcore/{path.name}`"


def find_public(app, env, node, contnode):
    """Resolve what a docstring calls by its module, or by its bare name, to the public name."""
    if node.get("refdomain") != "py":
        return None
    parts = node["reftarget"].split(".")
    for length in (1, 2):  # a name of the package; a method, or a name of a subpackage
        target = ".".join(["mixcore", *parts[-length:]])
        found = env.get_domain("py").resolve_xref(
            env, node["refdoc"], app.builder, "obj", target, node, contnode
        )
        if found is not None:
            return found
    return None


def tidy(app, what, name, obj, options, lines):
    """Mend what Sphinx would misread in a docstring.

    Headings of modules become rubrics: as sections their labels would clash.  An initial at the
    start of a line is the author of a reference, not point C of a list.
    """
    for i in range(len(lines) - 1, -1, -1):
        lines[i] = re.sub(r"^([A-Z]\. )", r"\\\1", lines[i])
        if what == "module" and lines[i].startswith("---") and len(lines[i]) == len(lines[i - 1]):
            lines[i - 1 : i + 1] = [f".. rubric:: {lines[i - 1]}", ""]


def setup(app):
    """Register with Sphinx."""
    app.add_directive("mixcore-source", MixcoreSource)
    app.connect("missing-reference", find_public)
    app.connect("autodoc-process-docstring", tidy)
    app.add_css_file("reference.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
