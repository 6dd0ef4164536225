"""Pages that point at other things: glossary, common mistakes, assignments, bibliography."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
CHAPTERS = [page for page in BOOK.glob("*.md") if "## Exercises" in page.read_text()]
RELEASED = {path.parent.name: path for path in (ROOT / "release").glob("*/*.ipynb")}


def glossary():
    """Return {term: definition} of the glossary."""
    text = (BOOK / "glossary.md").read_text()
    entries = {}
    for block in re.findall(r"```\{glossary\}\n:sorted:\n\n(.*?)```", text, re.DOTALL):
        for entry in block.strip().split("\n\n"):
            term, definition = entry.split("\n", 1)
            entries[term] = definition
    return entries


def test_every_term_links_to_its_place():
    entries = glossary()
    assert len(entries) >= 60
    without = [t for t, text in entries.items() if not re.search(r"\{(ref|eq|prf:ref)\}`", text)]
    assert without == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda page: page.stem)
def test_chapters_link_to_the_glossary_once_a_term(chapter):
    text = chapter.read_text()
    used = [re.sub(r".*<(.*)>", r"\1", t).lower() for t in re.findall(r"\{term\}`([^`]*)`", text)]
    assert used
    assert len(used) == len(set(used)), "a term is linked at its first use only"
    assert set(used) <= {term.lower() for term in glossary()}


def solutions(assignment):
    cells = [c.metadata.get("nbgrader", {}) for c in nbformat.read(RELEASED[assignment], 4).cells]
    return {cell["grade_id"] for cell in cells if cell.get("solution")}


def test_mistakes_are_caught_by_functions_that_exist():
    text = (BOOK / "common-mistakes.md").read_text()
    named = re.findall(r"\{download\}`([\w-]+) <\.\./(release/\S+)>` \((.*?)\)", text)
    assert len(named) > 50
    for assignment, path, functions in named:
        assert ROOT / path == RELEASED[assignment]
        assert set(re.findall(r"`(\w+)`", functions)) <= solutions(assignment), assignment


@pytest.mark.parametrize("page", ["students", "introduction", "instructors"])
def test_tables_of_assignments_are_complete(page):
    text = (BOOK / f"{page}.md").read_text()
    named = set(re.findall(r"[`\"](ps\d+-[\w-]+)[`\"]", text))
    assert named == set(RELEASED)


def test_identifiers_in_the_bibliography_are_no_addresses():
    """A doi field holds the identifier alone: the page makes the link from it."""
    text = (BOOK / "references.bib").read_text()
    identifiers = re.findall(r"doi = \{(.*)\}", text)
    assert len(identifiers) > 60
    assert [doi for doi in identifiers if not re.fullmatch(r"10\.\d{4,9}/\S+", doi)] == []
    assert all(url.startswith("https://") for url in re.findall(r"url = \{(.*)\}", text))
