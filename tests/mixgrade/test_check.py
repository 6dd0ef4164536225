"""``mixgrade check``: what a student sees of the own notebook."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import sample_class
from mixgrade.check import NotebookError, check_notebook, read_notebook

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "release" / "ps2-duality" / "duality.ipynb"


def submission(**changed):
    """Return the released notebook with the model solutions and some other cells."""
    _, solutions = sample_class.model_solutions("ps2-duality")
    released = nbformat.read(RELEASED, as_version=4)
    notebook = sample_class.submission(released, solutions | changed, [])
    # The figure at the end is nobody's check and takes a second.
    notebook.cells = [c for c in notebook.cells if c.id != "figure"]
    return notebook


def by_name(results):
    return {result["grade_id"]: result for result in results}


@pytest.mark.slow
def test_right_answers_pass_and_hidden_checks_come_later():
    told = []
    results = check_notebook(submission(), tell=told.append)
    assert told == results
    kinds = {name: result["kind"] for name, result in by_name(results).items()}
    assert set(kinds.values()) == {"passed", "later"}
    assert kinds["test_dual_multiplier"] == "passed"
    assert kinds["test_dual_multiplier_other_inputs"] == "later"
    assert sum(result["points"] for result in results) == 12


@pytest.mark.slow
def test_wrong_endless_and_broken_answers_are_named():
    results = by_name(
        check_notebook(
            submission(
                dual_multiplier="def dual_multiplier(M, h, b, c):\n    while True:\n        pass",
                mixing_weights="def mixing_weights(resp) return 1",
                solve_constrained_quadratic=(
                    "def solve_constrained_quadratic(M, h, b, c):\n    return h * 0, 1.0"
                ),
            ),
            seconds=2,
        )
    )
    assert results["test_dual_multiplier"]["kind"] == "timeout"
    assert "2 s" in results["test_dual_multiplier"]["message"]
    assert results["test_mixing_weights"]["kind"] == "failed"
    assert re.search("its cell said SyntaxError", results["test_mixing_weights"]["message"])
    assert results["test_solve_constrained_quadratic"]["kind"] == "failed"
    assert "expected" in results["test_solve_constrained_quadratic"]["message"]


@pytest.mark.slow
def test_a_dead_kernel_is_named_and_the_rest_not_run():
    answer = "import os\n\n\ndef solve_constrained_quadratic(M, h, b, c):\n    os._exit(1)"
    results = by_name(check_notebook(submission(solve_constrained_quadratic=answer)))
    assert results["test_dual_multiplier"]["kind"] == "passed"
    assert results["test_solve_constrained_quadratic"]["kind"] == "died"
    assert results["test_mixing_weights"]["kind"] == "not run"
    assert "test_solve_constrained_quadratic" in results["test_mixing_weights"]["message"]


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "mixgrade", "check", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.slow
def test_the_command_prints_a_table_and_says_by_its_exit_code_how_it_went(tmp_path):
    path = tmp_path / "duality.ipynb"
    nbformat.write(submission(), path)
    good = command(path)
    assert good.returncode == 0, good.stderr
    assert re.search(r"^passed +dual_multiplier +1 point$", good.stdout, re.MULTILINE)
    assert "3 of 3 visible checks passed: 3 of 3 points. 9 more" in good.stdout
    bad = command(RELEASED)
    assert bad.returncode == 1
    assert "not written yet" in bad.stdout
    assert "Traceback" not in bad.stdout + bad.stderr


@pytest.mark.slow
def test_the_first_cell_of_code_checks_the_notebook_once(tmp_path, monkeypatch):
    notebook = submission()
    cell = next(c for c in notebook.cells if c.cell_type == "code")
    cell.source = cell.source.replace("# !mixgrade", "!mixgrade")
    assert "\n!mixgrade check duality.ipynb" in cell.source
    nbformat.write(notebook, tmp_path / "duality.ipynb")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}})
    with client.setup_kernel():
        client.execute_cell(cell, 0)
    # The notebook that it checks holds this cell, too: there it does nothing.
    assert "3 of 3 visible checks passed" in "".join(output.text for output in cell.outputs)
    check_notebook(notebook, folder=tmp_path)
    assert "being checked already" in "".join(output.text for output in cell.outputs)


@pytest.mark.slow
def test_json_is_json_and_nothing_else(tmp_path):
    path = tmp_path / "duality.ipynb"
    nbformat.write(submission(mixing_weights="def mixing_weights(resp):\n    print(1)"), path)
    result = command("--json", path)
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert found["score"] == 2
    assert found["max_score"] == 3
    assert {check["kind"] for check in found["checks"]} == {"passed", "failed", "later"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no notebook .*; in that folder are other.ipynb"),
        ("", "cannot be read as a notebook"),
        ("{}", "cannot be read as a notebook|has no checks"),
        (nbformat.writes(nbformat.v4.new_notebook()), "has no checks"),
    ],
    ids=["missing", "empty", "not a notebook", "no checks"],
)
def test_other_files_are_refused_with_a_remedy(tmp_path, text, words):
    (tmp_path / "other.ipynb").touch()
    path = tmp_path / "mine.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(NotebookError, match=words):
        read_notebook(path)
