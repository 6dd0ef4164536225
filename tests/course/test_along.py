"""What a reader takes along: the chapters as notebooks, and the buttons that open them."""

import os
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

import take_along
from page_notebook import make_notebook
from plain_markdown import PlainMarkdown, soup
from test_book import code_cells, code_of

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
CHAPTERS = [
    Path(chapter["file"]).name
    for part in TOC["parts"]
    if part.get("numbered")
    for chapter in part["chapters"]
]
COMMITTED = ROOT / "book" / "notebooks"
# Raw MyST, or TeX between what Jupyter does not take for the marks of a formula.
RAW = re.compile(
    r"\{[a-z:]+\}`|^\s*(```|~~~|:::)+\s*\{|\\\(|(?<!\\)\\\[|^\([\w-]+\)=$", re.MULTILINE
)
PAGE = "https://example.org/course/book/page.html"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (r'<p>Let <span class="math">\( K \)</span> be</p>', "Let $K$ be"),
        ("<p>5 $ and a &lt; b</p>", r"5 \$ and a &lt; b"),
        (
            '<div class="math"><span class="eqno">(4.2)<a class="headerlink" href="#e">#</a></span>'
            "\\[\nx = 1\n\\]</div>",
            r"$$x = 1 \tag{4.2}$$",
        ),
        (
            '<div class="math">\\[\\begin{split}\\begin{aligned}\na &amp;= b \\\\\n&amp;= c\n'
            "\\end{aligned}\\end{split}\\]</div>",
            "$$\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}$$",
        ),
        (
            '<div class="proof theorem admonition"><p class="admonition-title">Theorem 1 '
            '(Name)</p><section><p>Text.</p><div class="math">\\[\na\nb\n\\]</div></section></div>',
            "> **Theorem 1 (Name)**\n>\n> Text.\n>\n> $$a b$$",
        ),
        (
            '<div class="solution dropdown admonition"><p class="admonition-title">Solution to'
            '<a href="#e"> Exercise 1</a></p><section><p>Easy.</p></section></div>',
            "<details>\n<summary><b>Solution to Exercise 1</b></summary>\n\nEasy.\n\n</details>",
        ),
        (
            '<p><a href="other.html#place">there</a>, <a href="../_downloads/1/a.ipynb"><code '
            'class="xref download">a.ipynb</code></a></p>',
            "[there](https://example.org/course/book/other.html#place), "
            "[a.ipynb](https://example.org/course/_downloads/1/a.ipynb)",
        ),
        (
            r'<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><span class="math">\(p(x | y)'
            r"\)</span>, <code>a | b</code></td></tr></tbody></table>",
            "| a |\n| --- |\n| $p(x \\vert y)$, `a \\| b` |",
        ),
        (
            '<div class="highlight-python"><div class="highlight"><pre>a = 1\n</pre></div></div>',
            "```python\na = 1\n```",
        ),
    ],
    ids=["formula", "signs", "number", "lines", "box", "solution", "links", "table", "code"],
)
def test_html_becomes_markdown_that_jupyter_shows(html, expected):
    assert PlainMarkdown(PAGE).markdown(soup(html).find(True)) == expected


def notebook_of(body, *cells):
    code = [nbformat.v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in cells]
    return make_notebook(
        body, code, url=PAGE, course="Course", package="P", works=lambda links: []
    ).cells[1:]


def shown(source):
    return f'<div class="cell"><div class="cell_input"><pre>{source}\n</pre></div></div>'


def test_every_code_cell_comes_along_in_its_place():
    body = (
        f"<section><h1>T</h1><p>One.</p>{shown('a = 1')}<p>Two.</p><div class='admonition'>"
        f'<div class="cell"><div class="cell_output"><figcaption><span class="caption-number">'
        "Fig. 1 </span><span>Dots.</span></figcaption></div></div></div><h2>End</h2></section>"
    )
    cells = notebook_of(
        body, ("a = 1", ["hide_input"]), ("b = 2", ["remove-cell"]), ("c = 3", ["remove-input"])
    )
    assert [cell.source for cell in cells[1:]] == [
        "One.", "a = 1", "Two.", "b = 2", "c = 3", "**Fig. 1** Dots.", "## End",
    ]  # fmt: skip
    folded = [cell.metadata.get("jupyter") for cell in cells if cell.cell_type == "code"]
    assert folded == [None] + [{"source_hidden": True}] * 3
    assert len({cell.id for cell in cells}) == len(cells)


@pytest.mark.parametrize("cells", [[("a = 2", [])], []], ids=["other code", "no code"])
def test_code_that_is_not_the_page_s_is_refused(cells):
    with pytest.raises(ValueError, match=r"not the cell that the page shows|more code cells"):
        notebook_of(f"<h1>T</h1>{shown('a = 1')}", *cells)


def test_the_committed_notebooks_are_those_of_the_chapters():
    assert len(CHAPTERS) == 12
    assert sorted(path.stem for path in COMMITTED.iterdir()) == sorted(CHAPTERS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_notebook_has_the_code_of_its_chapter_and_plain_text(chapter):
    notebook = nbformat.read(COMMITTED / f"{chapter}.ipynb", as_version=4)
    nbformat.validate(notebook)
    first, setup, *rest = notebook.cells
    address = f"{CONFIG['html']['baseurl']}/book/{chapter}.html"
    assert first.source.startswith("# ")
    assert f"({address})" in first.source
    assert f"*{CONFIG['title']}*" in first.source
    assert CONFIG["repository"]["url"] in setup.source
    code = [cell.source for cell in rest if cell.cell_type == "code"]
    page = ROOT / "book" / f"{chapter}.md"
    assert code == [code_of(cell).strip() for cell in code_cells(page)], "run make notebooks"
    for cell in notebook.cells:
        assert cell.cell_type == "markdown" or not cell.outputs
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```|`[^`\n]+`", "", cell.source, flags=re.DOTALL)
            assert RAW.findall(cell.source) == [], cell.source
            assert re.sub(r"\\\$", "", text).count("$") % 2 == 0, cell.source
            links = re.findall(r"\]\(([^)]*)\)", re.sub(r"\$[^$]*\$", "", text))
            assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_committed_notebooks_are_those_of_the_site(site, chapter):
    """Digits may differ: the text shows some times, which no two runs share."""
    made, committed = (
        [re.sub(r"\d+", "0", c.source) if c.cell_type == "markdown" else c.source for c in cells]
        for cells in (
            nbformat.read(folder / f"{chapter}.ipynb", as_version=4).cells
            for folder in (site / "notebooks", COMMITTED)
        )
    )
    assert made == committed, "run make notebooks and commit book/notebooks"


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_pages_link_to_their_notebook_and_to_the_services(site, chapter):
    page = (site / "book" / f"{chapter}.html").read_text()
    links = re.findall(r'href="([^"]*)"[^>]*btn-(?:download-notebook|launch)', page, re.DOTALL)
    assert f"../notebooks/{chapter}.ipynb" in page
    assert len(re.findall("btn-download-notebook-button", page)) == 1
    wanted = take_along.launch_links(
        CONFIG["repository"]["url"],
        CONFIG["repository"]["branch"],
        (COMMITTED / f"{chapter}.ipynb").relative_to(ROOT).as_posix(),
    )
    assert len(wanted) == 2
    assert set(wanted.values()) <= set(links)
    assert "launch-buttons" not in (site / "book" / "notation.html").read_text()


@pytest.mark.parametrize(
    ("url", "branch", "links", "package"),
    [
        (
            "https://github.com/someone/fork",
            "2027",
            {
                "Binder": "https://mybinder.org/v2/gh/someone/fork/2027?urlpath=lab%2Ftree%2Fa%2Fb.ipynb",
                "Colab": "https://colab.research.google.com/github/someone/fork/blob/2027/a/b.ipynb",
            },
            "https://github.com/someone/fork/archive/refs/heads/2027.zip",
        ),
        (
            "https://git.example.org/x/y",
            "main",
            {
                "Binder": "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fx%2Fy/main"
                "?urlpath=lab%2Ftree%2Fa%2Fb.ipynb"
            },
            "git+https://git.example.org/x/y@main",
        ),
    ],
    ids=["GitHub", "elsewhere"],
)
def test_links_follow_the_address_of_the_repository(url, branch, links, package):
    assert take_along.launch_links(url, branch, "a/b.ipynb") == links
    assert take_along.package(url, branch) == f"mixture-course[chapters] @ {package}"


def test_binder_finds_what_it_needs():
    script = ROOT / "binder" / "postBuild"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    project = (ROOT / "pyproject.toml").read_text()
    extra = re.search(r"'\.\[(\w+)\]'", script.read_text()).group(1)
    assert re.search(rf"^{extra} = \[", project, re.MULTILINE)
    version = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert version in (ROOT / "constraints.txt").read_text().splitlines()[0]


def test_the_page_names_every_notebook():
    text = (ROOT / "book" / "take-along.md").read_text(encoding="utf-8")
    assert re.findall(r'href="\.\./notebooks/([\w-]+)\.ipynb"', text) == CHAPTERS


@pytest.mark.slow
@pytest.mark.parametrize("chapter", ["em-one-dimension", "constrained-optimisation"])
def test_a_downloaded_chapter_runs_to_its_end(chapter, tmp_path):
    """The two that take least; it starts where only the notebook is."""
    notebook = nbformat.read(COMMITTED / f"{chapter}.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=200, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    assert list(tmp_path.iterdir()) == []
    pictures = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) >= 5


@pytest.mark.slow
def test_saved_pages_hold_themselves_only(site):
    """A page that drags all that Sphinx knows along is 14 MB large; rebuilding takes minutes."""
    saved = {path: path.stat().st_size for path in (site.parent / ".doctrees").rglob("*.doctree")}
    assert len(saved) > 20
    assert [path for path, size in saved.items() if size > 4e6] == []
