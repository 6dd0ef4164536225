"""The project's own files: versions, folders, what must not be committed."""

import hashlib
import re
import subprocess
import tomllib

import pytest


def tracked_files(root):
    if not (root / ".git").exists():
        pytest.skip("this copy of the project is not a git checkout")
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    return [root / name for name in names.split("\0") if name and (root / name).is_file()]


def test_constraints_pin_every_requirement(root):
    pins = dict(
        line.lower().replace("_", "-").split("==")
        for line in (root / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    )
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    requirements = [*project["dependencies"], *(r for extra in extras for r in extra)]
    for requirement in requirements:
        name = re.match(r"[\w-]+", requirement).group().lower()
        if name != project["name"]:
            assert name in pins, f"{name} has no version in constraints.txt"


def test_constraints_name_no_address(root):
    text = (root / "constraints.txt").read_text()
    assert not re.search(r"://|--index|@", text)


def test_copied_data_are_not_committed(root, shared):
    foreign = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for path in (shared / "data").rglob("*")
        if path.is_file()
    }
    values = (shared / "data" / "old_faithful.csv").read_text().split()[1:]
    for path in tracked_files(root):
        content = path.read_bytes()
        assert hashlib.sha256(content).hexdigest() not in foreign, path
        # The same numbers in another layout would be a copy as well.
        numbers = re.findall(rb"\d+\.\d+", content)
        assert sum(v.split(",")[0].encode() in numbers for v in values[:40]) < 30, path


def test_students_work_and_built_files_stay_out_of_git(root):
    committed = {path.relative_to(root).parts[0] for path in tracked_files(root)}
    assert not committed & {"classroom", "_build", ".venv"}
    generated = [p for p in tracked_files(root) if p.parent.parent == root / "source"]
    assert generated == []


def test_make_lists_its_commands(root):
    listing = subprocess.run(
        ["make", "--no-print-directory"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    for command in ("course", "test", "quick", "book", "release", "grade", "check", "serve"):
        assert re.search(rf"^{command}\s+\w", listing, re.MULTILINE)


def test_a_second_set_up_does_nothing(root):
    if not (root / ".venv" / ".installed").exists():
        pytest.skip("the tests do not run from the environment that make sets up")
    planned = subprocess.run(
        ["make", "--no-print-directory", "-n", "setup"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "pip" not in planned


def test_the_readme_picture_is_drawn_from_the_package(root, tmp_path):
    """Draw it again and compare the pixels."""
    import sys

    import numpy as np
    from matplotlib.image import imread

    script = root / "scripts" / "readme_picture.py"
    subprocess.run([sys.executable, script, tmp_path / "again.png"], check=True)
    again = imread(tmp_path / "again.png")
    committed = imread(root / "book" / "images" / "old-faithful-em.png")
    assert again.shape == committed.shape
    assert np.abs(again - committed).max() < 0.02
    assert "book/images/old-faithful-em.png" in (root / "README.md").read_text()


def test_no_todo_is_left(root):
    word = re.compile(rb"\b(" + b"|".join([b"TO" + b"DO", b"FIX" + b"ME", b"XX" + b"X"]) + rb")\b")
    found = [path for path in tracked_files(root) if word.search(path.read_bytes())]
    assert found == []
