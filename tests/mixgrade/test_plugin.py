import asyncio
import json
import shutil
import sys
import threading
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from small_course import (
    ASSIGNMENT,
    NAME,
    POINTS,
    answered,
    hand_in,
    make_course,
    open_course,
    outcome,
    released,
)

from mixgrade import plugin
from mixgrade.gradebook import GradeWriter

# nbgrader's own use of its database draws warnings.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
SETTINGS = {
    "Autograde": {
        "autograde_preprocessors": [
            "mixgrade.plugin.MixgradeExecute",
            "nbgrader.preprocessors.LimitOutput",
            "nbgrader.preprocessors.SaveAutoGrades",
            "nbgrader.preprocessors.AssignLatePenalties",
            "nbgrader.preprocessors.CheckCellMetadata",
        ]
    }
}
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "half": "def half(x):\n    return x / 2",
    "why": "So.",
}


class FakeGrader:
    """Passes a function's checks if its cell has a return; insists on being called properly."""

    made = []  # noqa: RUF012 - shared by all on purpose

    def __init__(self, config):
        self.config, self.thread, self.open = config, threading.get_ident(), True
        self.made.append(self)

    def grade(self, notebook, source):
        assert threading.get_ident() == self.thread
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        assert [c.id for c in notebook.cells if c.id in POINTS] == list(POINTS)
        text = {cell.id: cell.source for cell in notebook.cells}
        assert {"test_half", "half"} <= {cell["id"] for cell in source["cells"]}
        if "crash" in text["half"]:
            raise RuntimeError("the sandbox did not start")
        wrong = [n for n in POINTS if "return" not in text[n.split("_")[1]]]
        return outcome(notebook, **dict.fromkeys(wrong, 0))

    def close(self):
        self.open = False


@pytest.fixture(scope="module")
def fresh_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    return root


@pytest.fixture
def course(tmp_path, fresh_course, monkeypatch):
    shutil.copytree(fresh_course, tmp_path, dirs_exist_ok=True)
    engine = ModuleType("mixgrade.engine")
    engine.Grader = FakeGrader
    monkeypatch.setitem(sys.modules, "mixgrade.engine", engine)
    FakeGrader.made.clear()
    yield open_course(tmp_path, **SETTINGS)
    plugin._engine.close()


def autograde(course, student="ada"):
    """Do what the formgrader's button does; return nbgrader's log."""
    api = NbGraderAPI(coursedir=course, config=course.config)
    result = api.autograde(ASSIGNMENT, student)
    return result["success"], result.get("log", "")


def scores(course, student="ada"):
    with Gradebook(course.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, ASSIGNMENT, student)
        return {g.name: (g.auto_score, g.needs_manual_grade) for g in notebook.grades}


def test_nbgrader_autograde(course):
    hand_in(course.root, "ada", answered(released(course.root), **RIGHT | {"half": "# later"}))
    assert autograde(course)[0]
    assert scores(course) == {
        "test_double": (1.0, False),
        "test_double_other_inputs": (2.0, False),
        "test_half": (0.0, False),
        "why": (None, True),
    }
    folder = Path(course.root, "classroom", "autograded", "ada", ASSIGNMENT)
    notebook = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == "test_half")
    assert cell.metadata.mixgrade.kind == "failed"
    assert cell.outputs[0].traceback == [cell.metadata.mixgrade.message]
    record = json.loads(
        Path(course.root, "classroom", "mixgrade", ASSIGNMENT, "ada.json").read_text()
    )
    assert (record["student"], record["score"], record["key"]) == ("ada", 3.0, "")
    with GradeWriter(course) as writer:
        assert writer.records(ASSIGNMENT) == [record]
        assert not writer.is_done("ada", ASSIGNMENT, record["key"])


def test_untouched_submission(course):
    hand_in(course.root, "ada", released(course.root))
    assert autograde(course)[0]
    assert set(scores(course).values()) == {(0.0, False)}


def test_check_that_was_deleted(course):
    notebook = answered(released(course.root), **RIGHT)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "test_double"]
    hand_in(course.root, "ada", notebook)
    assert autograde(course)[0]
    assert scores(course)["test_double"] == (1.0, False)


def test_one_grader_for_all_from_any_thread(course):
    for student in ("ada", "bob", "eve"):
        hand_in(course.root, student, answered(released(course.root), **RIGHT))
    done = [autograde(course, "ada")[0]]

    async def formgrader():
        done.append(autograde(course, "bob")[0])

    asyncio.run(formgrader())
    thread = threading.Thread(target=lambda: done.append(autograde(course, "eve")[0]))
    thread.start()
    thread.join()
    assert done == [True] * 3
    assert len(FakeGrader.made) == 1
    assert FakeGrader.made[0].config.CourseDirectory.course_id == "small"
    plugin._engine.close()
    assert not FakeGrader.made[0].open
    plugin._engine.close()


def test_engine_that_fails(course):
    hand_in(course.root, "ada", answered(released(course.root), **RIGHT | {"half": "crash"}))
    hand_in(course.root, "bob", answered(released(course.root), **RIGHT))
    success, log = autograde(course, "*")
    assert not success
    assert "the sandbox did not start" in log
    autograded = Path(course.root, "classroom", "autograded")
    assert [p.parent.name for p in autograded.glob(f"*/{ASSIGNMENT}")] == ["bob"]
    assert scores(course, "bob")["test_half"] == (3.0, False)


def test_source_of_another_name(course):
    path = Path(course.root, "source", ASSIGNMENT, f"{NAME}.ipynb")
    path.rename(path.with_name("renamed.ipynb"))
    hand_in(course.root, "ada", released(course.root))
    success, log = autograde(course)
    assert not success
    assert "the source notebook is renamed.ipynb, the gradebook has small.ipynb" in log
