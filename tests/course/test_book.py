"""The book: order, headers, alt text, a build that fails when it should, a site that works."""

import ast
import html
import importlib
import json
import pkgutil
import re
import shutil
import subprocess
import sys
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


GOOD = (
    HEADER
    + """---

# Title

```{code-cell} ipython3
from pathlib import Path

print("the answer is", Path("../mixcore/answer.txt").read_text())
```

|a|b|
|-|-|
|1|2|

[The table](#title) and [this page](page.md).
"""
)
RAISING = (
    GOOD
    + """
```{code-cell} ipython3
raise RuntimeError("on purpose")
```
"""
)
FAULTY = (
    GOOD
    + """
See {numref}`no-such-figure`, {cite:t}`nobody1900` and {doc}`no-such-page`.
See <a href="../README.md">a file</a> and <a href="page.html#no-such-place">a place</a>.

![](dot.png)
![dot](dot.png)

```{figure} dot.png
A caption is not a text for those who do not see.
```

<img src="raw.png">
<svg></svg>

<table><tr><td>no headers</td></tr></table>

```{code-cell} ipython3
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```

```{code-cell} ipython3
from IPython.display import HTML
HTML('<img src="data:image/png;base64,AAAA">')
```

```{code-cell} ipython3
:tags: [skip-execution]
"left out"
```
"""
)
COMPLAINTS = [  # page, thing and remedy
    ("book/page", "no-such-figure"),
    ("book/page", "nobody1900"),
    ("book/page", "no-such-page"),
    ("book/page", "'../README.md'", "no file README.md", "publish the file"),
    ("book/page", "'page.html#no-such-place'", "link to a label"),
    ("book/page", "dot.png has no alt text", ":alt:"),
    ("book/page", "dot.png has an alt text that says too little, 'dot'", "![text](file)"),
    ("book/page", "raw.png has no alt text", "say what it shows"),
    ("book/page", "'raw.png'", "no file book/raw.png", "correct the path"),
    ("book/page", "<svg> has no text", "aria-label"),
    ("book/page", "table 'no headers'", "row of headers"),
    ("book/page", "image ../_images/", "has no alt text", "mystnb: image: alt"),
    ("book/page", "image data:image/png", "has no alt text"),
    ("book/page", "code cell was not executed", "a tag"),
    ("book/headless", "code-cell", "header"),
    ("book/off", "was not executed", "mystnb settings"),
]


def tiny_book(folder, **pages):
    """Write a book with the course's own settings and return the command that builds it."""
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "book").mkdir()
    for name in ("_ext", "_static", "_templates", "images"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    shutil.copy(ROOT / "book" / "references.bib", folder / "book")
    shutil.copy(ROOT / "book" / "images" / "old-faithful-em.png", folder / "book" / "dot.png")
    (folder / "mixcore").mkdir()
    (folder / "mixcore" / "answer.txt").write_text("41")
    for name, text in pages.items():
        (folder / "book" / f"{name}.md").write_text(text)
    first, *others = pages
    toc = {"format": "jb-book", "root": f"book/{first}"}
    if others:
        toc["chapters"] = [{"file": f"book/{name}"} for name in others]
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc))
    options = re.search(r"jupyter-book build \. (.*)", (ROOT / "Makefile").read_text())[1].split()
    return [Path(sys.executable).parent / "jupyter-book", "build", folder, *options]


def build(command):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_a_build_shows_what_the_code_says_now(tmp_path):
    """Nothing stale: outputs follow the code that cells use, removed pages are gone."""
    command = tiny_book(tmp_path, page=GOOD, second="# Second\n", third="# Third\n")
    for answer in ("41", "42"):
        (tmp_path / "mixcore" / "answer.txt").write_text(answer)
        result = build(command)
        assert result.returncode == 0, result.stdout + result.stderr
        text = (tmp_path / "_build" / "html" / "book" / "page.html").read_text()
        assert f"the answer is {answer}" in text
    third = tmp_path / "_build" / "html" / "book" / "third.html"
    assert third.is_file()
    contents = tmp_path / "_toc.yml"
    contents.write_text(contents.read_text().replace("- file: book/third\n", ""))
    assert build(command).returncode == 0
    assert not third.exists()


@pytest.mark.slow
def test_a_build_fails_when_a_cell_raises(tmp_path):
    command = tiny_book(tmp_path, page=RAISING)
    for _ in range(2):
        result = build(command)
        assert result.returncode != 0
        assert "book/page.md" in result.stderr
        assert "on purpose" in result.stderr


@pytest.mark.slow
def test_a_build_fails_when_it_should(tmp_path):
    """Every fault is named with its page and a remedy; and the second run says the same."""
    cell = "# Title\n\n```{code-cell} ipython3\n1 + 1\n```\n"
    off = HEADER + "mystnb:\n  execution_mode: 'off'\n---\n\n" + cell
    command = tiny_book(tmp_path, page=FAULTY, headless=cell, off=off)
    for _ in range(2):
        result = build(command)
        assert result.returncode != 0
        lines = [line for line in result.stderr.splitlines() if "WARNING" in line]
        for words in COMPLAINTS:
            assert any(all(w in line for w in words) for line in lines), (words, result.stderr)
        # One line a fault: a build that complained of everything would be no help.
        assert len(lines) <= len(COMPLAINTS) + 1, result.stderr


def test_what_code_cells_use_is_there():
    """A pattern that matches nothing would let stale outputs pass."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]
    for pattern in config["execution_inputs"]:
        assert any(path.is_file() for path in ROOT.glob(pattern)), pattern


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
