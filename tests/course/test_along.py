"""What a reader takes along: notebooks of the chapters, the students' zip, launch buttons."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

import student_zip
import take_along
from page_notebook import make_notebook
from plain_markdown import PlainMarkdown, soup
from test_book import code_cells, code_of
from test_release import hidden_lines

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


@pytest.fixture(scope="module")
def students_zip(tmp_path_factory):
    return student_zip.make(tmp_path_factory.mktemp("zip") / "students.zip")


@pytest.fixture(scope="module")
def unpacked(students_zip, tmp_path_factory):
    """Unpack the zip where nothing else is, and install its package into ``site``."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(students_zip) as archive:
        archive.extractall(folder)
    folder = folder / student_zip.NAME
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--target", "site"]
    subprocess.run([*pip, *alone, "."], cwd=folder, check=True, timeout=120)
    return folder


def as_a_student(folder, *command):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(folder / "site"),
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.run(
        [sys.executable, *command], cwd=folder / "release", env=environment,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_zip_holds_the_course_s_own_files_and_no_secret(students_zip, unpacked):
    with zipfile.ZipFile(students_zip) as archive:
        files = {
            name.removeprefix(f"{student_zip.NAME}/"): archive.read(name)
            for name in archive.namelist()
        }
    tracked = subprocess.run(
        ["git", "ls-files", "release", "mixcore", "mixgrade"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    others = {"LICENSE", "LICENSE-text", "constraints.txt", "pyproject.toml"}
    data = {name for name in files if name.startswith("mixcore/_prepared/")}
    assert set(files) == {*tracked, *others, *data, "README.md"}
    assert {Path(name).suffix for name in data} == {".json", ".npz"}
    for name in {*tracked, *others}:
        assert files[name] == (ROOT / name).read_bytes(), name
    assert len([name for name in files if name.endswith(".ipynb")]) == 10
    secrets = hidden_lines()
    for name in set(files) - data:
        if not name.startswith("mixgrade/"):  # lines of ordinary Python may stand there too
            text = files[name].decode()
            if name.endswith(".ipynb"):
                text = "\n".join("".join(c["source"]) for c in json.loads(text)["cells"])
            assert [line for line in secrets if line in text] == [], name


def test_the_zip_is_the_same_when_it_is_made_again(students_zip, tmp_path):
    assert student_zip.make(tmp_path / "again.zip").read_bytes() == students_zip.read_bytes()


@pytest.mark.parametrize("place", ["README.md", "page"])
def test_the_steps_for_students_name_what_is_in_the_zip(unpacked, place):
    path = unpacked / place if place != "page" else ROOT / "book" / "take-along.md"
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"jupyter lab ([\w./-]+)", text):
        assert (unpacked / name).is_file()
    metadata = next(unpacked.glob("site/*.dist-info/METADATA")).read_text(encoding="utf-8")
    extras = re.findall(r"\.\[(\w+)\]", text)
    assert set(extras) == {"student", "reading"}
    for extra in extras:
        assert f"Provides-Extra: {extra}\n" in metadata


def test_the_page_names_every_notebook():
    text = (ROOT / "book" / "take-along.md").read_text(encoding="utf-8")
    assert re.findall(r'href="\.\./notebooks/([\w-]+)\.ipynb"', text) == CHAPTERS


def test_the_data_come_with_the_package(unpacked):
    """Without TensorFlow Datasets and a network, the sets are the real ones."""
    code = """
import sys
sys.modules["tensorflow_datasets"] = None  # as if it were not installed
import numpy as np
import mixcore
assert "site" in mixcore.__file__, mixcore.__file__
for name in mixcore.datasets.names():
    if name != "mnist":
        set = mixcore.datasets.load(name)
        truth = set.truth and set.truth.log_density(set.x).sum()
        print(name, set.x.shape, repr(set.x.sum()), truth)
"""
    result = as_a_student(unpacked, "-c", code)
    assert result.returncode == 0, result.stderr
    from mixcore import datasets

    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    for name in set(datasets.names()) - {"mnist"}:
        real = datasets.load(name)
        truth = real.truth and real.truth.log_density(real.x).sum()
        assert lines[name] == f"{name} {real.x.shape} {real.x.sum()!r} {truth}"


@pytest.mark.slow
def test_a_student_can_check_a_notebook_of_the_zip(unpacked):
    result = as_a_student(unpacked, "-m", "mixgrade", "check", "ps4-em-1d/em_1d.ipynb")
    assert result.returncode == 1, result.stderr
    assert "0 of 5 visible checks passed" in result.stdout
    assert "NotImplementedError: it is not written yet" in " ".join(result.stdout.split())
    assert "ModuleNotFoundError" not in result.stdout


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
