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
---
"""


def contents():
    """Return the pages of the table of contents, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    return [toc["root"]] + [c["file"] for part in toc["parts"] for c in part["chapters"]]


def code_cells(page):
    return re.findall(
        r"^```\{code-cell\}.*?\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE
    )


def code_of(cell):
    """Return the code of a cell without its options."""
    cell = re.sub(r"\A---\n.*?\n---\n", "", cell, flags=re.DOTALL)
    return re.sub(r"\A(:[\w-]+:.*\n)+", "", cell)


def test_every_page_is_in_the_table_of_contents():
    assert sorted(contents()) == sorted(f"book/{page.stem}" for page in PAGES)


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
    extra = {p for p in built - set(contents()) if not p.startswith("_static")}
    assert extra <= {"index", "search", "genindex", "prf-prf"}


GOOD = HEADER + "\n# Title\n\n```{code-cell} ipython3\n1 + 1\n```\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "passes"),
    [
        (GOOD, True),
        (GOOD.replace("1 + 1", "raise RuntimeError('on purpose')"), False),
        (GOOD + "\nSee {numref}`no-such-figure`.\n", False),
        (GOOD + "\nSee {cite:t}`nobody1900`.\n", False),
    ],
    ids=["good", "raising cell", "broken reference", "broken citation"],
)
def test_the_build_fails_when_it_should(page, passes, tmp_path):
    """The course's own settings on a book of one page; and the second run says the same."""
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "book").mkdir()
    for name in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / name, tmp_path / "book" / name)
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "book")
    (tmp_path / "book" / "page.md").write_text(page)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    makefile = (ROOT / "Makefile").read_text()
    options = re.search(r"jupyter-book build \. (.*)", makefile).group(1).split()
    command = [Path(sys.executable).parent / "jupyter-book", "build", tmp_path, *options]
    for _ in range(2):
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
        assert (result.returncode == 0) == passes, result.stdout + result.stderr
        assert "book/page.md" in result.stderr or passes


@pytest.mark.slow
def test_the_site_works_in_a_browser(site, chromium):
    """In Chromium: no error, no request to another host, mathematics set, players play."""
    import functools
    import http.server
    import threading

    from playwright.sync_api import sync_playwright

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=flags)
            page = browser.new_page()
            outside, errors = [], []
            page.on("request", lambda r: outside.append(r.url) if is_outside(r.url, base) else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            for name in contents():
                page.goto(f"{base}/{name}.html", wait_until="load")
                if page.locator(".math").count():
                    # Formulas in headings also stand in a table of contents that only print shows.
                    formula = page.locator("article mjx-container >> visible=true").first
                    formula.wait_for(timeout=30_000)
                assert page.locator("mjx-merror").count() == 0, name
                for player in page.locator(".mixcore-player").all():
                    plays(player)
            browser.close()
        assert outside == []
        assert errors == []
    finally:
        server.shutdown()
        server.server_close()


def is_outside(url, base):
    return not url.startswith((base, "data:", "blob:"))


def plays(player):
    """Step, slide and play as a reader would."""
    image, slider = player.locator(".mixcore-player-frame"), player.locator("input")
    first = image.get_attribute("src")
    player.get_by_label("Step forward").click()
    assert image.get_attribute("src") != first
    player.get_by_label("Step back").click()
    assert image.get_attribute("src") == first
    slider.focus()
    slider.press("End")
    assert image.get_attribute("src") != first
    play = player.get_by_label("Play", exact=True)
    play.click()
    player.get_by_label("Pause").wait_for()
    assert slider.input_value() == "0"
    player.page.wait_for_function(
        "([slider]) => Number(slider.value) > 0", arg=[slider.element_handle()]
    )
    player.get_by_label("Pause").click()


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
