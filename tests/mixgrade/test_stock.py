"""The notebooks stay plain: nbgrader without mixgrade grades and validates them."""

import os
import subprocess
import sys

import nbformat
import pytest

import sample_class


@pytest.mark.slow
def test_stock_nbgrader_gives_the_same_scores(root):
    # The benchmark stops where two scores differ, or where its peer is not stock.
    folders = (root, root / "tests", root / "scripts", root / "source")
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.grading", "--quick"],
        cwd=root, env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert "5 submissions of ps5-em" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("right_einsum", "Success! Your notebook passes all the tests."),
        ("wrong_old_mean", "VALIDATION FAILED ON 1 CELL"),
    ],
)
def test_nbgrader_validate(root, tmp_path, answer, words):
    name, solutions = sample_class.model_solutions("ps5-em")
    released = nbformat.read(root / "release" / "ps5-em" / f"{name}.ipynb", as_version=4)
    answers = [sample_class.read_answer(sample_class.ANSWERS / "ps5-em" / f"{answer}.py")]
    notebook = sample_class.submission(released, solutions, answers)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "Because."
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    command = [sys.executable, "-m", "nbgrader", "validate", "mine.ipynb"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert words in result.stdout
    assert "Cell output is" not in result.stderr
