"""The API reference: a page for every public name and command; source shown in chapters."""

import importlib.util
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import mixcore
import reference
import reference_examples
from mixgrade.commands import Mixgrade

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "book" / "reference"
CHAPTERS = [
    chapter["file"]
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    if part.get("numbered")
    for chapter in part["chapters"]
]
PUBLIC = [
    *(name for name in mixcore.__all__ if name not in ("datasets", "plotting")),
    *(f"datasets.{name}" for name in mixcore.datasets.__all__),
    *(f"plotting.{name}" for name in mixcore.plotting.__all__),
]


@pytest.fixture(scope="module")
def extension():
    path = ROOT / "book" / "_ext" / "mixcore_reference.py"
    spec = importlib.util.spec_from_file_location("mixcore_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def displays():
    """Yield (chapter, name, options) of each display of source."""
    for chapter in CHAPTERS:
        text = (ROOT / f"{chapter}.md").read_text(encoding="utf-8")
        for found in re.finditer(r"^```\{mixcore-source\} (\S+)\n((?::.*\n)*)```$", text, re.M):
            yield chapter, found[1], dict(re.findall(r":([\w-]+): (.*)", found[2]))


def test_the_pages_are_what_the_script_writes():
    written = reference.pages()
    there = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*.md")}
    assert there == set(written)
    for path, text in written.items():
        assert (FOLDER / path).read_text(encoding="utf-8") == text, "run scripts/reference.py"


def test_every_public_name_and_every_command_has_its_page():
    shown = [name for topic in reference.TOPICS for name in reference.names(topic)]
    assert sorted(shown) == sorted(PUBLIC)
    directives = re.findall(
        r"auto(?:function|class|exception|data):: mixcore\.(\S+)",
        "".join(path.read_text() for path in FOLDER.rglob("*.md")),
    )
    assert sorted(directives) == sorted(PUBLIC)
    commands = {path.stem.removeprefix("mixgrade-") for path in (FOLDER / "mixgrade").glob("*.md")}
    assert commands == set(Mixgrade.subcommands)


def test_no_two_pages_differ_only_in_case():
    paths = [path.lower() for path in reference.pages()]
    assert len(set(paths)) == len(paths)


def test_every_page_says_in_a_sentence_what_it_is_on():
    for path, text in reference.pages().items():
        meta = yaml.safe_load(text.split("---\n")[1])
        description = meta["myst"]["html_meta"]["description"]
        assert re.search(r"[\w)]\.$", description), f"{path}: {description}"
        assert not re.search(r"[$\\]|:\w+:", description), f"{path}: {description}"


def test_every_page_is_in_the_table_of_contents():
    toc = (ROOT / "_toc.yml").read_text()
    for path in reference.pages():
        page = f"book/reference/{path.removesuffix('.md')}"
        folder = page.rpartition("/")[0]
        assert f"file: {page}\n" in toc or f"glob: {folder}/*\n" in toc, page


def test_the_options_of_a_command_are_all_there():
    text = reference.pages()["mixgrade/grade.md"]
    for option in ("--workers=", "--scheduler=", "--force", "--Sandbox.cell_seconds="):
        assert f"| `{option}` |" in text
    assert "| `--seconds=` | `30` |" in reference.pages()["mixgrade/check.md"]


def test_source_is_shown_without_its_docstring(extension):
    path, lines = extension.source("GaussianMixture.responsibilities")
    assert path == ROOT / "mixcore" / "gaussian_mixture.py"
    assert lines[0] == "def responsibilities(self, x):"
    assert '"""' not in "".join(lines)
    assert lines[-1].startswith("    return np.exp(")
    _, whole = extension.source("GaussianMixture.responsibilities", docstring=True)
    assert [line for line in whole if line in lines] == lines
    assert any("Rows sum to 1." in line for line in whole)


def test_source_of_what_is_not_public(extension):
    assert extension.source("kmeans")[1][0] == "def kmeans("
    assert extension.source("kmeans.lloyd")[1][0].startswith("def lloyd(")
    assert extension.source("closest_error")[0].name == "_nce_runs.py"
    inner = extension.source("_synthetic_points.synthetic_points.cd")[1]
    assert inner[0] == "def cd(mixture):"
    assert extension.source("GaussianMixture.isotropic")[1][0] == "@classmethod"


@pytest.mark.parametrize(
    "name", ["fit_gausian", "fit_gaussian.missing", "kmeans.loyd", "_numerics.fit_gaussian"]
)
def test_an_unknown_name_is_named(extension, name):
    with pytest.raises(LookupError, match=f"mixcore has no name {name}: "):
        extension.source(name)


def test_lines_are_cut(extension):
    lines = ["def f(x):", "    a = x", "", "    b = a", "    return b"]
    assert extension.cut(lines, "a = x", "b = a") == ["a = x", "", "b = a"]
    assert extension.cut(lines, None, None) == lines
    with pytest.raises(LookupError, match="no line holds 'c = x'"):
        extension.cut(lines, "c = x", None)


def test_every_chapter_shows_source_in_short_pieces(extension):
    assert len(CHAPTERS) == 12
    assert {chapter for chapter, _, _ in displays()} == set(CHAPTERS)
    for chapter, name, options in displays():
        _, lines = extension.source(name)
        lines = extension.cut(lines, options.get("start-at"), options.get("end-at"))
        assert 2 <= len(lines) <= 60, f"{chapter}: {name} has {len(lines)} lines"


def test_chapters_show_source_in_no_other_way():
    for chapter in CHAPTERS:
        assert "literalinclude" not in (ROOT / f"{chapter}.md").read_text(encoding="utf-8")


CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "sphinx.ext.autodoc", "mixcore_reference"]
"""
PAGE = """# Page

{py:obj}`.mala`

```{eval-rst}
.. py:function:: mixcore.mala(target, x)
```

```{mixcore-source} langevin._propose
:of: mala
:name: step
```
"""


def build(folder, page):
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text(page)
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", folder, folder / "out"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.slow
def test_a_display_links_to_the_reference_and_follows_the_file(tmp_path):
    result = build(tmp_path, PAGE)
    assert result.returncode == 0, result.stderr
    text = (tmp_path / "out" / "index.html").read_text()
    caption = re.search(r'class="code-block-caption">(.*?)</div>', text, re.DOTALL)[1]
    assert 'href="#mixcore.mala"' in caption
    assert "_propose" in caption
    assert 'id="step"' in text
    environment = (tmp_path / "out" / ".doctrees" / "environment.pickle").read_bytes()
    dependencies = pickle.loads(environment).dependencies["index"]
    assert str(ROOT / "mixcore" / "langevin.py") in dependencies


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("langevin._propose", "langevin._prupose", "no name langevin._prupose"),
        (":of: mala\n", "", "reference target not found: mixcore.langevin._propose"),
        (":of: mala\n", ":of: mala\n:end-at: never\n", "no line holds 'never'"),
        ("`.mala`", "`.malla`", "reference target not found: malla"),
    ],
    ids=["unknown name", "no public name", "no such line", "unknown link"],
)
def test_a_wrong_display_fails_the_build_and_names_it(old, new, complaint, tmp_path):
    result = build(tmp_path, PAGE.replace(old, new))
    assert result.returncode == 1
    assert complaint in result.stderr


@pytest.mark.slow
def test_every_name_links_to_its_source_on_the_site(site):
    for topic in reference.TOPICS:
        for name in reference.names(topic):
            page = site / "book/reference/mixcore" / topic / f"{reference.page_name(name)}.html"
            text = page.read_text()
            assert f'id="mixcore.{name}"' in text
            if reference.kind(name) != "data":
                file, place = re.search(r'href="([^"#]*_modules/[^"#]*)#([^"]+)"', text).groups()
                assert f'id="{place}"' in (page.parent / file).read_text()


@pytest.mark.slow
def test_every_display_has_a_caption_that_links_to_the_reference(site):
    for chapter in CHAPTERS:
        text = (site / f"{chapter}.html").read_text()
        captions = re.findall(r'<div class="code-block-caption">(.*?)</div>', text, re.DOTALL)
        shown = [name for page, name, _ in displays() if page == chapter]
        assert len(captions) == len(shown)
        for caption, name in zip(captions, shown, strict=True):
            assert re.search(r'href="reference/mixcore/\w+/[\w-]+\.html#mixcore\.', caption), name
            assert name.rpartition(".")[2] in caption


def masked(text):
    """Return what an example printed without what a clock has a part in, and how it is walled."""
    text = re.sub(r"isolation: .*", "isolation", text)
    return re.sub(r"\d+\.\d+ (s|a second)\b|(?<=\"seconds\": )[\d.]+", "T", text)


@pytest.mark.slow
def test_the_commands_still_print_what_their_pages_show(monkeypatch):
    if not shutil.which("bwrap"):
        monkeypatch.setenv("COURSE_ISOLATION", "limits")
    for name, text in reference_examples.outputs().items():
        shown = (reference_examples.KEPT / f"{name}.txt").read_text(encoding="utf-8")
        assert masked(text) == masked(shown), "run scripts/reference_examples.py"
