"""Feedback pages: per check its title, points and message, never the source of a hidden check.

`ShowChecks` prepares the autograded notebook for ``nbgrader generate_feedback``, and
`FeedbackExporter` lays the page out: one file that loads nothing from anywhere and runs no script.
Formulas become MathML, which browsers show by themselves.  Whatever comes from a student is escaped
text or an image.
"""

import html
import re
from pathlib import Path

from docutils.utils.math.latex2mathml import tex2mathml
from jinja2 import FileSystemLoader, pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution

__all__ = ["FeedbackExporter", "ShowChecks", "safe_markdown"]

LONGEST = 5000  # characters of a message
# What TeX knows and docutils does not.
TEX = [
    (re.compile(r"\\dots\b"), r"\\ldots"),
    (re.compile(r"\\texttt\b"), r"\\mathtt"),
    (re.compile(r"\\(begin|end)\{(?:align|gather|eqnarray)\*?\}"), r"\\\1{aligned}"),
    (re.compile(r"\\(?:begin|end)\{equation\*?\}"), ""),
]
# What is shown of outputs.
SHOWN = {"image/png", "image/jpeg", "image/svg+xml", "text/plain"}


class ShowChecks(ClearHiddenTests):
    """Leave of each check cell what a student may see.

    The visible part of the source stays, of a wholly hidden check its comment.  Outputs go; what
    the page says about the check is in ``cell.metadata.mixgrade``: function, title and message.
    Other cells keep text and images of their outputs.
    Comes after `nbgrader.preprocessors.GetGrades`, and takes the place of `ClearHiddenTests`.
    """

    def preprocess(self, nb, resources):
        """Prepare a notebook.

        Parameters
        ----------
        nb : NotebookNode
            The autograded notebook.
        resources : dict
            As nbconvert passes them on.

        Returns
        -------
        tuple of (NotebookNode, dict)
        """
        functions = [c.metadata.nbgrader.grade_id for c in nb.cells if is_solution(c)]
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code":
                self._remove_hidden_test_region(cell)
                cell.source = cell.source.strip("\n")
                cell.metadata["mixgrade"] = NotebookNode(_shown(cell, functions))
                cell.outputs = []
            elif cell.cell_type == "code":
                cell.outputs = [kept for kept in map(_plain, cell.outputs) if kept is not None]
        return nb, resources


def _plain(output):
    """Return an output without HTML and scripts, or None if nothing is left of it."""
    if "data" in output:
        output.data = {kind: value for kind, value in output.data.items() if kind in SHOWN}
    return None if output.get("data") == {} else output


def _shown(cell, functions):
    """Return function, title and message of a check cell."""
    known = cell.metadata.get("mixgrade", {})
    name = cell.metadata.nbgrader.grade_id
    own = [f for f in functions if name.startswith(f"test_{f}")]
    function = known.get("function") or max(own, key=len, default="")
    title = known.get("title")
    if title is None:
        title = name.removeprefix("test_").removeprefix(function).replace("_", " ").strip()
    message = known.get("message")
    if message is None:
        # Graded by stock nbgrader.
        errors = [output for output in cell.outputs if output.output_type == "error"]
        message = "\n".join(
            e.evalue if e.ename == "AssertionError" else f"{e.ename}: {e.evalue}" for e in errors
        )
    message = strip_ansi(message).strip()
    if len(message) > LONGEST:
        message = f"{message[:LONGEST]} ... (cut)"
    return {"function": function, "title": title, "message": message}


class _Renderer(IPythonRenderer):
    """Markdown of students: raw HTML is escaped, formulas become MathML."""

    def block_math(self, body):
        return _mathml(body, f"$${body}$$", block=True)

    def inline_math(self, body):
        return _mathml(body, f"${body}$")

    def latex_environment(self, name, body):
        text = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return _mathml(text, text, block=True)

    def block_mermaidjs(self, code):
        return f"<pre><code>{html.escape(code)}</code></pre>"

    def image(self, text, url, title=None):
        try:
            return super().image(text, url, title)
        except InvalidNotebook:
            return html.escape(f"(image {text} is missing)")


def _mathml(tex, written, *, block=False):
    """Return a formula as MathML, or as it was written if that cannot be made."""
    for pattern, replacement in TEX:
        tex = pattern.sub(replacement, tex)
    try:
        math = tex2mathml(tex)
    except Exception:  # whatever a student's formula makes the converter raise
        return f"<code>{html.escape(written)}</code>"
    return f'<span class="formula">{math}</span>' if block else math


def safe_markdown(source):
    """Return Markdown as HTML in which nothing can act: for formgrader, as a filter of Jinja.

    Parameters
    ----------
    source : str
        Text that a student wrote.

    Returns
    -------
    str

    Examples
    --------
    >>> print(safe_markdown("*so* <script>alert(1)</script>"))
    <p><em>so</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>
    """
    renderer = IPythonRenderer(
        escape=True, allow_harmful_protocols=False, exclude_anchor_links=True
    )
    return MarkdownWithMath(renderer=renderer).render(source).strip()


class FeedbackExporter(HTMLExporter):
    """The exporter of ``nbgrader generate_feedback``: nbgrader's data, mixgrade's page."""

    def __init__(self, **options):
        here = FileSystemLoader(Path(__file__).parent)
        # Its own way with Markdown, whatever is set for other pages.
        options["filters"] = {}
        super().__init__(extra_loaders=[here], template_file="feedback.html.j2", **options)

    @pass_context
    def markdown2html(self, context, source):
        """Return Markdown as HTML."""
        renderer = _Renderer(
            escape=True,
            allow_harmful_protocols=False,
            exclude_anchor_links=True,
            attachments=context.get("cell", {}).get("attachments", {}),
        )
        return MarkdownWithMath(renderer=renderer).render(source)
