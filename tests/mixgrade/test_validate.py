"""The notebooks stay plain: nbgrader without mixgrade validates them.

That it grades them to the same scores is what the benchmark of grading insists on.
"""

import subprocess
import sys

import nbformat
import pytest

import sample_class


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
    written = {"singularities": "Because."}
    answers = [sample_class.read_answer(sample_class.ANSWERS / "ps5-em" / f"{answer}.py"), written]
    notebook = sample_class.submission(released, solutions, answers)
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    command = [sys.executable, "-m", "nbgrader", "validate", "mine.ipynb"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert words in result.stdout
    assert "Cell output is" not in result.stderr
