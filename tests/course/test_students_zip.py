"""The students' zip: what is in it, the same bytes again, and that a student can work with it."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import student_zip
from mixcore import datasets
from test_release import hidden_lines

ROOT = Path(__file__).resolve().parents[2]


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
    path = ROOT / "book" / "students.md" if place == "page" else unpacked / place
    text = path.read_text(encoding="utf-8")
    opened = re.findall(r"jupyter lab ([\w./-]+)", text)
    assert opened
    assert [name for name in opened if not (unpacked / name).is_file()] == []
    extras = re.findall(r"-c constraints.txt \"\.\[(\w+)\]\"", text)
    assert extras == ["student"]
    metadata = next(unpacked.glob("site/*.dist-info/METADATA")).read_text(encoding="utf-8")
    assert {"student", "reading"} <= set(re.findall(r"Provides-Extra: (\w+)\n", metadata))


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
