"""The book: order, headers, alt text, a build that fails when it should, a site that works."""

import ast
import html
import importlib
import json
import pkgutil
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

import mixcore
from test_release import hidden_lines

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "book").glob("*.md"))
HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
"""


def contents():
    """Return the pages of the table of contents, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())

    def pages(entries):
        for entry in entries:
            if "glob" in entry:
                yield from sorted(str(path) for path in ROOT.glob(f"{entry['glob']}.md"))
            else:
                yield str(ROOT / f"{entry['file']}.md")
                yield from pages(entry.get("sections", []))

    paths = pages([{"file": toc["root"]}, *(c for part in toc["parts"] for c in part["chapters"])])
    return [str(Path(path).relative_to(ROOT).with_suffix("")) for path in paths]


def code_cells(page):
    return re.findall(
        r"^```\{code-cell\}.*?\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE
    )


def code_of(cell):
    """Return the code of a cell without its options."""
    cell = re.sub(r"\A---\n.*?\n---\n", "", cell, flags=re.DOTALL)
    return re.sub(r"\A(:[\w-]+:.*\n)+", "", cell)


def test_every_page_is_in_the_table_of_contents():
    pages = (ROOT / "book").rglob("*.md")
    assert sorted(contents()) == sorted(str(p.relative_to(ROOT).with_suffix("")) for p in pages)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_with_code_have_the_execution_header(page):
    if code_cells(page):
        assert page.read_text().startswith(HEADER), "without this header the page is not executed"


def test_chapters_have_code():
    for name in ("em-one-dimension", "em-gaussian-mixtures"):
        assert len(code_cells(ROOT / "book" / f"{name}.md")) >= 10


def names_of_mixcore():
    names = set(mixcore.__all__)
    for info in pkgutil.walk_packages(mixcore.__path__, "mixcore."):
        module = importlib.import_module(info.name)
        names |= {name for name, value in vars(module).items() if callable(value)}
    return {name for name in names if not name.startswith("__")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_chapters_define_no_function_that_mixcore_has(page):
    defined = {
        node.name
        for cell in code_cells(page)
        for node in ast.walk(ast.parse(code_of(cell)))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert defined & names_of_mixcore() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_randomness_comes_from_a_generator(page):
    for cell in code_cells(page):
        assert not re.search(r"np\.random\.(?!default_rng|Generator)\w+", cell)


def test_prose_has_one_sentence_a_line():
    for page in PAGES:
        text = re.sub(r"^(```|~~~|:::|\$\$).*?^(```|~~~|:::|\$\$).*?$", "", page.read_text(),
                      flags=re.DOTALL | re.MULTILINE)  # fmt: skip
        for line in text.splitlines():
            if not line.startswith(("|", "#", "-", "*", "(", " ")):
                sentences = re.findall(r"[a-z]{3,}[.?!] [A-Z]", line)
                assert len(sentences) == 0, f"{page.name}: {line}"


class Images(HTMLParser):
    """Collect the images of a page's article with their alt text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


@pytest.mark.slow
def test_every_page_is_built(site):
    for name in contents():
        assert (site / f"{name}.html").is_file()


@pytest.mark.slow
def test_every_figure_has_alt_text(site):
    for name in contents():
        text = (site / f"{name}.html").read_text()
        article = text[text.index('<article class="bd-article"') : text.index("</article>")]
        images = Images()
        images.feed(article)
        for image in images.found:
            alt = image.get("alt", "")
            source = image["src"][:60]
            assert len(alt) > 15, f"{name}: image {source} has alt text {alt!r}"
            assert not alt.startswith(("../", "_images")), f"{name}: {source}"


@pytest.mark.slow
def test_chapters_were_executed(site):
    for name in ("book/em-one-dimension", "book/em-gaussian-mixtures"):
        text = (site / f"{name}.html").read_text()
        assert 'class="cell_output' in text
        assert "mixcore-player" in text
        assert "Traceback" not in text


@pytest.mark.slow
def test_only_pages_of_the_table_of_contents_are_published(site):
    built = {str(p.relative_to(site).with_suffix("")) for p in site.rglob("*.html")}
    extra = {p for p in built - set(contents()) if not p.startswith(("_static", "_modules"))}
    assert extra <= {"index", "search", "genindex", "prf-prf", "404"}


def readable(path):
    """Return the text of a file of the site as a reader could see it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text


@pytest.mark.slow
def test_site_holds_no_solution_and_no_hidden_check(site):
    secrets = hidden_lines()
    suffixes = {".html", ".ipynb", ".md", ".txt", ".py", ".json", ".rst"}
    pages = [
        path for path in site.rglob("*") if path.suffix in suffixes or path.name.endswith(".js")
    ]
    assert any(path.suffix == ".ipynb" for path in pages)
    for path in pages:
        if path.suffix == ".js" and path.name != "searchindex.js":
            continue
        text = readable(path)
        assert [line for line in secrets if line in text] == [], path
    assert not list(site.rglob("ps*.py"))
