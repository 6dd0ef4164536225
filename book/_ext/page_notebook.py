"""A finished page of the book as a notebook that runs as downloaded.

Its text is the page's, as plain Markdown; its code cells are the page's own, in the page's order,
those too whose code the page hides.  It has no outputs: they come when it runs, and without them a
notebook stays small and its changes readable.
"""

import hashlib
import re

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from plain_markdown import PlainMarkdown, soup

# As one reads a page: the code of these cells is folded away, or not there at all.
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}

INTRODUCTION = """# {title}

This notebook is a chapter of the course *{course}*.
[The chapter on the course's site]({url}) also has the pictures and tables
that the cells below make.
Run the cells from top to bottom.
The first one installs what is missing."""

SETUP = """\
# Nothing to install where the course's package is there already.
from importlib.util import find_spec

if find_spec("mixcore") is None or find_spec("myst_nb") is None:
    %pip install --quiet "{package}"
"""


def make_notebook(body, code, *, url, course, package, works):
    """Return the notebook of a page.

    Parameters
    ----------
    body : str
        HTML of the page, as it stands between the site's head and foot.
    code : list of NotebookNode
        Code cells of the page, with their tags.
    url : str
        Address of the page.
    course : str
        Title of the book.
    package : str
        What ``pip install`` gets to install the course's package.
    works : callable
        ``works(links)`` returns HTML of the entries of the bibliography that links lead to.

    Returns
    -------
    NotebookNode

    Raises
    ------
    ValueError
        If the code cells are not those of the page.
    """
    page, markdown = soup(body), PlainMarkdown(url)
    # Names that only screen readers find on the site.
    for name in page.select(".visually-hidden"):
        name.decompose()
    title = markdown.markdown(page.h1.extract()).lstrip("# ")
    cells = [
        new_markdown_cell(INTRODUCTION.format(title=title, course=course, url=url)),
        new_code_cell(SETUP.format(package=package).rstrip()),
    ]
    text = []

    def finish_text():
        # A cell a section, so that JupyterLab and Colab can fold and list them.
        for part in re.split(r"\n\n(?=#)", "\n\n".join(filter(None, text))):
            if part:
                cells.append(new_markdown_cell(part))
        text.clear()

    left = iter(code)
    for block in _blocks(page):
        if "cell" not in block.get("class", ()):
            text.append(markdown.markdown(block))
            continue
        finish_text()
        for cell in left:
            cells.append(_code_cell(cell))
            if "remove-cell" not in _tags(cell):
                _compare(cell, block)
                break
        else:
            raise ValueError(f"{url} shows more code cells than it has")
        text += [_caption(caption, markdown) for caption in block.find_all("figcaption")]
    finish_text()
    cells += [_code_cell(cell) for cell in left]
    text.append(_works(page, works, markdown))
    finish_text()
    return _finished(cells)


def _blocks(node):
    """Yield what a page consists of, with what holds code cells taken apart."""
    for child in node.find_all(True, recursive=False):
        is_cell = "cell" in child.get("class", ())
        if not is_cell and (child.name == "section" or child.find("div", class_="cell")):
            yield from _blocks(child)
        else:
            yield child


def _tags(cell):
    return {tag.replace("_", "-") for tag in cell.metadata.get("tags", ())}


def _compare(cell, block):
    """Make sure that what the page shows is the code of the cell."""
    shown = block.find("div", class_="cell_input")
    if shown and shown.get_text().strip() != cell.source.strip():
        raise ValueError(f"not the cell that the page shows here:\n{cell.source}")


def _code_cell(cell):
    metadata = {"jupyter": {"source_hidden": True}} if _tags(cell) & FOLDED else {}
    return new_code_cell(cell.source, metadata=metadata)


def _caption(caption, markdown):
    number = caption.find(class_="caption-number")
    label = f"**{number.extract().get_text().strip()}** " if number else ""
    return label + markdown.markdown(caption)


def _works(page, works, markdown):
    """Return the list of the works that the page cites."""
    links = {a["href"] for a in page.select(".bibtex-citation a[href]")}
    entries = [f"- {markdown.markdown(soup(entry))}" for entry in works(links)]
    return "\n".join(["## Works cited", "", *entries]) if entries else ""


def _finished(cells):
    """Return the notebook, with ids that stay when other cells change."""
    seen = {}
    for cell in cells:
        name = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[name] = seen.get(name, 0) + 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"
    notebook = new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    return notebook
