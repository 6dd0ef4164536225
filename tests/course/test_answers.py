"""Every answer of the bank that the sample class leaves out, run in a real kernel.

An answer fails exactly the checks that its docstring names.
"""

import pytest
from nbclient import NotebookClient

import build
import sample_class
from test_sample_class import ANSWERS, ROSTER, fails

IN_CLASS = {
    (assignment, name)
    for student in ROSTER
    for assignment, work in student.items()
    if isinstance(work, list)
    for name in work
}
OTHERS = [path for path in ANSWERS if (path.parent.name, path.stem) not in IN_CLASS]


@pytest.mark.slow
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_answer_fails_exactly_the_named_checks(path, tmp_path):
    _, master = build.build_notebook(build.masters()[path.parent.name])
    notebook = sample_class.submission(master, {}, [sample_class.read_answer(path)])
    client = NotebookClient(
        notebook,
        timeout=10,
        interrupt_on_timeout=True,
        error_on_timeout={"ename": "Timeout", "evalue": "", "traceback": []},
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.execute()
    failing = {
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
        and any(output.output_type == "error" for output in cell.get("outputs", []))
    }
    assert failing == fails(path)
