"""Builds of tiny books with the course's own settings: they fail when they should, and say why."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from test_book import HEADER, ROOT

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
