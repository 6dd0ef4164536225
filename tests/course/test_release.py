"""The released notebooks: made by nbgrader from the masters, byte for byte, nothing leaked."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
RELEASED = sorted((ROOT / "release").glob("*/*.ipynb"))


def hidden_lines():
    """Return the telling lines of solutions, model answers and hidden checks of all masters."""
    region = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)
    found = set()
    public = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("mixcore", "book")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".html"}
    )
    masters = [path.read_text(encoding="utf-8") for path in (ROOT / "source").glob("ps*.py")]
    visible = "\n".join(region.sub("", text) for text in masters)
    for text in masters:
        for match in region.finditer(text):
            for raw in match.group(2).splitlines():
                line = raw.strip().removeprefix("# ").strip()
                # Short lines, and lines that stand in the open elsewhere, give nothing away.
                if len(line) >= 25 and line not in visible and line not in public:
                    found.add(line)
    return found


def test_there_is_something_to_hide():
    assert len(hidden_lines()) > 100


@pytest.mark.slow
def test_release_rebuilds_byte_for_byte(tmp_path):
    subprocess.run(
        [
            sys.executable, ROOT / "scripts" / "release.py",
            "--classroom", tmp_path / "classroom", "--into", tmp_path / "release",
        ],
        check=True, timeout=300,
    )  # fmt: skip
    rebuilt = {
        p.relative_to(tmp_path / "release"): p.read_bytes()
        for p in (tmp_path / "release").rglob("*")
        if p.is_file()
    }
    committed = {
        p.relative_to(ROOT / "release"): p.read_bytes()
        for p in (ROOT / "release").rglob("*")
        if p.is_file() and ".ipynb_checkpoints" not in p.parts
    }
    assert set(rebuilt) == set(committed)
    for name, content in rebuilt.items():
        assert content == committed[name], f"{name} differs: run make release and commit it"


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.parent.name)
def test_release_holds_no_solution_and_no_hidden_check(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    assert [line for line in hidden_lines() if line in text] == []
    assert "BEGIN SOLUTION" not in text
    assert "BEGIN HIDDEN" not in text


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.parent.name)
def test_release_has_no_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
