import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from small_course import (
    ASSIGNMENT,
    CELLS,
    NAME,
    answered,
    hand_in,
    make_course,
    open_course,
    outcome,
    read,
    release,
    released,
    source_notebook,
)
from sqlalchemy.exc import OperationalError

from mixgrade import autograded, grades
from mixgrade.gradebook import GradebookError, GradeWriter

KEY = "k" * 64
RIGHT = {"double": "def double(x):\n    return 2 * x", "half": "def half(x):\n    return x / 2"}


@pytest.fixture(scope="module")
def fresh_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    return root


@pytest.fixture
def course(tmp_path, fresh_course):
    shutil.copytree(fresh_course, tmp_path, dirs_exist_ok=True)
    return open_course(tmp_path)


def write(coursedir, student="ada", answers=None, readable=True, key=KEY, **scores):
    """Hand in, grade and write; return the record."""
    notebook = answered(released(coursedir.root), **(answers or {}))
    folder = Path(coursedir.root, "classroom", "submitted", student, ASSIGNMENT)
    if not folder.is_symlink() and not folder.parent.is_symlink():
        hand_in(coursedir.root, student, notebook)
    reading = read(notebook, readable=readable, findings=["a finding"])
    with GradeWriter(coursedir) as writer:
        return writer.write(
            student, ASSIGNMENT, reading, outcome(reading.notebook, **scores), key=key
        )


def is_done(coursedir, student="ada", key=KEY):
    with GradeWriter(coursedir) as writer:
        return writer.is_done(student, ASSIGNMENT, key)


def stored(coursedir, student="ada"):
    """Return what the gradebook has of a submission."""
    with Gradebook(coursedir.db_url) as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, student)
        notebook = submission.notebooks[0]
        return {
            "scores": {
                g.name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                for g in notebook.grades
            },
            "comments": {c.name: (c.auto_comment, c.manual_comment) for c in notebook.comments},
            "total": submission.score,
            "penalty": notebook.late_submission_penalty,
            "timestamp": submission.timestamp,
        }


def autograded_folder(coursedir, student="ada"):
    return Path(coursedir.root, "classroom", "autograded", student, ASSIGNMENT)


def record_file(coursedir, student="ada"):
    return Path(coursedir.root, "classroom", "mixgrade", ASSIGNMENT, f"{student}.json")


def test_everything_is_written(course):
    hand_in(course.root, "ada", released(course.root), timestamp="2024-05-01 10:00:00 UTC")
    record = write(course, answers={"why": "So."}, test_half=0)

    assert stored(course) == {
        "scores": {
            "test_double": (1.0, None, None, False),
            "test_double_other_inputs": (2.0, None, None, False),
            "test_half": (0.0, None, None, False),
            "why": (None, None, None, True),
        },
        "comments": {
            "double": ("No response.", None),
            "half": ("No response.", None),
            "why": (None, None),
        },
        "total": 3.0,
        "penalty": None,
        "timestamp": datetime(2024, 5, 1, 10),
    }
    notebook = nbformat.read(autograded_folder(course) / f"{NAME}.ipynb", as_version=4)
    cells = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    assert cells["why"].source == "So."
    assert cells["test_half"].metadata.mixgrade.kind == "failed"
    assert cells["test_half"].outputs[0].traceback == ["expected 4; came None. Is there a return?"]
    given = {c.metadata.nbgrader.grade_id: c for c in released(course.root).cells if c.metadata}
    assert cells["half"].metadata.nbgrader.checksum == given["half"].metadata.nbgrader.checksum
    assert (autograded_folder(course) / "timestamp.txt").read_text() == "2024-05-01 10:00:00 UTC"
    modes = {p.stat().st_mode & 0o777 for p in autograded_folder(course).iterdir()}
    assert modes == {0o444}

    assert json.loads(record_file(course).read_text()) == record
    assert (record["score"], record["max_score"]) == (3.0, 6.0)
    assert record["findings"] == ["a finding"]
    assert "notebook" not in record
    assert is_done(course)


def test_nbgrader_sees_it(course):
    write(course, answers={"why": "So."})
    submission = NbGraderAPI(coursedir=course, config=course.config).get_submission(
        ASSIGNMENT, "ada"
    )
    assert submission["autograded"]
    assert submission["needs_manual_grade"]
    assert submission["score"] == 6.0


def test_without_gradebook(tmp_path):
    with pytest.raises(GradebookError, match=r"there is no gradebook .* `make release`"):
        GradeWriter(open_course(tmp_path))
    assert not list(tmp_path.iterdir())


def test_unknown_assignment(course):
    with (
        GradeWriter(course) as writer,
        pytest.raises(GradebookError, match="ps2: an assignment has one source notebook, found no"),
    ):
        writer.check("ps2")


CHANGES = {
    "points": (4, ("code", "test_double_other_inputs", 5, CELLS[4][3]), "2 points there, 5 points"),
    "text": (3, ("code", "test_double", 1, "assert True"), "test_double: other text in the source"),
    "given": (1, ("code", "given", None, "import os"), "given: other text in the source"),
    "new name": (0, ("code", "test_half_more", 1, "pass"), "no such cell there, 1 points in the s"),
    "check without points": (6, ("code", "test_half", None, CELLS[6][3]), "3 points there, not gr"),
    "answer": (5, ("code", "half", None, "x"), "not graded, an answer there, not graded in the so"),
    "lost": (6, ("markdown", None, None, "text"), "test_half: 3 points there, no such cell in the"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_source_and_gradebook_must_agree(course, change):
    before = write(course)
    position, cell, words = CHANGES[change]
    cells = [*CELLS[:position], cell, *CELLS[position + 1 :]]
    nbformat.write(source_notebook(cells), Path(course.root, "source", ASSIGNMENT, f"{NAME}.ipynb"))
    with pytest.raises(GradebookError, match=words) as error:
        write(course, test_half=0)
    assert f"`nbgrader generate_assignment {ASSIGNMENT} --force`" in str(error.value)
    assert ("db assignment remove" in str(error.value)) == (change in ("new name", "lost"))
    assert stored(course)["total"] == 6.0
    assert json.loads(record_file(course).read_text()) == before


def test_remedy_works(course):
    write(course)
    path = Path(course.root, "source", ASSIGNMENT, f"{NAME}.ipynb")
    cells = [*CELLS[:3], ("code", "test_double", 0.5, "assert double(1) == 2"), *CELLS[4:]]
    nbformat.write(source_notebook(cells), path)
    release(course)
    write(course, test_double=0.5)
    assert stored(course)["total"] == 5.5


def test_assignment_that_was_not_released(course):
    other = Path(course.root, "source", "ps2")
    other.mkdir()
    nbformat.write(source_notebook(), other / "other.ipynb")
    with (
        GradeWriter(course) as writer,
        pytest.raises(GradebookError, match="notebooks: nothing there, other in the source"),
    ):
        writer.check("ps2")


@pytest.mark.parametrize("score", [None, -1.0, 1.5, float("nan")])
def test_score_that_cannot_be(course, score):
    reading = read(released(course.root))
    wrong = outcome(reading.notebook)
    wrong["checks"][0]["score"] = score
    if score is None:
        del wrong["checks"][0]
    with GradeWriter(course) as writer, pytest.raises(GradebookError, match="for test_double"):
        writer.write("ada", ASSIGNMENT, reading, wrong, key=KEY)
    assert not autograded_folder(course).exists()


def test_regrading_keeps_what_a_grader_gave(course):
    write(course, answers={"why": "So."}, test_half=0)
    with Gradebook(course.db_url) as gradebook:
        for name, score in [("why", 3.0), ("test_half", 1.0)]:
            gradebook.find_grade(name, NAME, ASSIGNMENT, "ada").manual_score = score
        gradebook.find_grade("test_double", NAME, ASSIGNMENT, "ada").extra_credit = 0.5
        gradebook.find_comment("why", NAME, ASSIGNMENT, "ada").manual_comment = "well said"
        gradebook.find_submission_notebook(NAME, ASSIGNMENT, "ada").flagged = True
        gradebook.db.commit()
    write(course, answers={"why": "So."}, test_double=0)
    after = stored(course)
    assert after["scores"] == {
        "test_double": (0.0, None, 0.5, False),
        "test_double_other_inputs": (2.0, None, None, False),
        "test_half": (3.0, 1.0, None, True),
        "why": (None, 3.0, None, True),
    }
    assert after["comments"]["why"] == (None, "well said")
    assert after["total"] == 0.5 + 2 + 1 + 3


def test_unreadable_submission(course):
    folder = Path(course.root, "classroom", "submitted", "ada", ASSIGNMENT)
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text("{not JSON")
    reading = read(source_notebook(), readable=False)
    zeros = dict.fromkeys(["test_double", "test_double_other_inputs", "test_half"], 0)
    with GradeWriter(course) as writer:
        writer.write("ada", ASSIGNMENT, reading, outcome(reading.notebook, **zeros), key=KEY)
    assert {s[0] for s in stored(course)["scores"].values()} == {0.0}
    assert not any(s[3] for s in stored(course)["scores"].values())
    assert (autograded_folder(course) / f"{NAME}.ipynb").is_file()
    assert is_done(course)


def test_half_surrogates_do_no_harm(course):
    reading = read(answered(released(course.root), why="a \ud800 b"))
    with GradeWriter(course) as writer:
        writer.write("ada", ASSIGNMENT, reading, outcome(reading.notebook), key=KEY)
    notebook = nbformat.read(autograded_folder(course) / f"{NAME}.ipynb", as_version=4)
    assert notebook.cells[-1].source == "a ? b"
    assert stored(course)["scores"]["why"] == (None, None, None, True)


def test_late_penalty(course):
    course = open_course(course.root, LateSubmissionPlugin={"penalty_method": "zero"})
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2024, 5, 1)
        gradebook.db.commit()
    for student, day in [("ada", 2), ("bob", 1)]:
        time = f"2024-05-0{day} 00:00:00 UTC"
        hand_in(course.root, student, released(course.root), timestamp=time)
        write(course, student, test_half=0)
    assert [stored(course, s)["penalty"] for s in ("ada", "bob")] == [3.0, None]


@pytest.mark.parametrize("text", ["tomorrow", "\xff\xfe", "9" * 300])
def test_time_of_submission_that_is_none(course, text):
    hand_in(course.root, "ada", released(course.root), timestamp=text)
    assert "which is no time" in write(course)["findings"][-1]
    assert stored(course)["timestamp"] is None
    assert is_done(course)


def test_later_submission_of_the_same_notebook(course):
    folder = hand_in(course.root, "ada", released(course.root))
    write(course)
    (folder / "timestamp.txt").write_text("2024-05-01 10:00:00 UTC")
    assert not is_done(course)


def test_students_files(course, monkeypatch):
    monkeypatch.setattr(autograded, "MAX_FILES", 12)
    course.max_file_size = 1
    helpers = Path(course.root, "source", ASSIGNMENT)
    (helpers / "data").mkdir()
    (helpers / "data" / "table.csv").write_text("the course's")
    folder = hand_in(course.root, "ada", released(course.root), notes="mine")
    (folder / "data").write_text("a file in the place of a folder")
    (folder / "big.bin").write_bytes(bytes(1001))
    (folder / "secret.txt").symlink_to(course.db_url.removeprefix("sqlite:///"))
    (folder / "everything").symlink_to(course.root)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("x")
    os.mkfifo(folder / "pipe")
    (folder / "own").mkdir()
    (folder / "own" / "more.txt").write_text("more")
    deep = folder.joinpath(*["d"] * 30)
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("deep")
    findings = write(course)["findings"]
    found = {
        str(p.relative_to(autograded_folder(course))): p.is_symlink()
        for p in autograded_folder(course).rglob("*")
        if not p.is_dir()
    }
    names = [f"{NAME}.ipynb", "data/table.csv", "notes.txt", "own/more.txt"]
    assert found == dict.fromkeys(names, False)
    assert (autograded_folder(course) / "data/table.csv").read_text() == "the course's"
    assert [f.split(";")[0] for f in findings[1:]] == [
        "'big.bin' is too large (1,001 bytes)",
        "'pipe' is a link or no regular file",
        "'secret.txt' is a link or no regular file",
        "'everything' is a link or no regular file",
    ]


def test_too_many_files(course, monkeypatch):
    monkeypatch.setattr(autograded, "MAX_FILES", 3)
    hand_in(course.root, "ada", released(course.root), a="", b="", c="", d="")
    assert write(course)["findings"][-1].startswith("more than 3 files")
    assert len(list(autograded_folder(course).glob("*.txt"))) == 3


@pytest.mark.parametrize("whole", [True, False], ids=["the student's folder", "the assignment's"])
def test_folder_that_is_a_link(course, tmp_path, whole):
    elsewhere = tmp_path / "elsewhere" / ASSIGNMENT
    elsewhere.mkdir(parents=True)
    (elsewhere / "private.txt").write_text("private")
    student = tmp_path / "classroom" / "submitted" / "ada"
    student.parent.mkdir()
    if whole:
        student.symlink_to(elsewhere.parent)
    else:
        student.mkdir()
        (student / ASSIGNMENT).symlink_to(elsewhere)
    write(course)
    assert [p.name for p in autograded_folder(course).iterdir()] == [f"{NAME}.ipynb"]


def test_what_done_means(course):
    assert not is_done(course)
    write(course)
    assert is_done(course)
    assert not is_done(course, key="another")
    notebook = autograded_folder(course) / f"{NAME}.ipynb"
    notebook.rename(notebook.with_suffix(".away"))
    assert not is_done(course)
    notebook.with_suffix(".away").rename(notebook)
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade("test_half", NAME, ASSIGNMENT, "ada").auto_score = 1.0
        gradebook.db.commit()
    assert not is_done(course)
    write(course, key="")
    assert not is_done(course, key="")


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"version": 1}', "[" * 100_000, "\udcff"])
def test_damaged_records(course, damage, caplog):
    for student in ("bob", "ada"):
        write(course, student)
    record_file(course).write_bytes(damage.encode("utf-8", "surrogateescape"))
    (record_file(course).with_name(".ada.json.new")).write_text("{")
    with GradeWriter(course) as writer:
        assert [r["student"] for r in writer.records(ASSIGNMENT)] == ["bob"]
        assert not writer.is_done("ada", ASSIGNMENT, KEY)
        assert writer.records("ps9") == []
    write(course)
    assert is_done(course)


def test_gradebook_locked_for_a_while(course, monkeypatch):
    monkeypatch.setattr(grades, "BUSY_SECONDS", 0)
    monkeypatch.setattr(grades, "PAUSES", (0.1,) * 50)
    path = course.db_url.removeprefix("sqlite:///")
    formgrader = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    formgrader.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.0, formgrader.execute, ["COMMIT"])
    release.start()
    write(course)
    release.join()
    formgrader.close()
    assert is_done(course)


def test_gradebook_that_stays_locked(course, monkeypatch):
    write(course)
    monkeypatch.setattr(grades, "BUSY_SECONDS", 0)
    monkeypatch.setattr(grades, "PAUSES", (0.01,))
    formgrader = sqlite3.connect(course.db_url.removeprefix("sqlite:///"), isolation_level=None)
    formgrader.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        write(course, test_half=0)
    formgrader.close()
    assert stored(course)["total"] == 6.0
    assert is_done(course)


# Grades anew, with other scores, in a copy of the course; the n-th copy's run dies before the n-th
# step that leaves a trace.
KILLED = """
import os, pathlib, shutil, sys
from small_course import ASSIGNMENT, open_course, outcome, read, released
from mixgrade.gradebook import GradeWriter

def watch(place, name):
    work = getattr(place, name)
    def step(*arguments, **options):
        global left
        left -= 1
        if not left:
            os._exit(9)
        return work(*arguments, **options)
    setattr(place, name, step)

root, into, key = sys.argv[1:]
steps = [(pathlib.Path, name) for name in ("rename", "replace", "unlink", "mkdir", "open")]
steps += [(os, "fsync"), (os, "chmod"), (shutil, "copyfile"), (shutil, "rmtree")]
for n in range(1, 100):
    copy = os.path.join(into, str(n))
    shutil.copytree(root, copy)
    pid = os.fork()
    if pid == 0:
        with GradeWriter(open_course(copy)) as writer:
            left = n
            for place, name in [*steps, (writer._grades._gradebook.db, "commit")]:
                watch(place, name)
            reading = read(released(copy))
            new = outcome(reading.notebook, test_half=0, test_double=0)
            writer.write("ada", ASSIGNMENT, reading, new, key=key)
            os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code != 9:
        sys.exit(code)
"""


@pytest.mark.slow
def test_killed_at_any_step(course, tmp_path_factory):
    write(course)
    old = stored(course)["scores"]
    new = old | dict.fromkeys(("test_half", "test_double"), (0.0, None, None, False))
    into = tmp_path_factory.mktemp("killed")
    subprocess.run(
        [sys.executable, "-c", KILLED, course.root, into, KEY],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), "."])},
        check=True,
    )
    copies = [open_course(path) for path in sorted(into.iterdir(), key=lambda p: int(p.name))]
    assert len(copies) > 12
    seen = []
    for copy in copies:
        scores = stored(copy)["scores"]
        seen.append(("old", "new")[[old, new].index(scores)])
        if is_done(copy):
            record = json.loads(record_file(copy).read_text())
            text = (autograded_folder(copy) / f"{NAME}.ipynb").read_text()
            assert record["score"] == sum(s[0] for s in scores.values())
            assert ("Is there a return?" in text) == (scores == new)
        write(copy)
        assert is_done(copy)
        assert stored(copy)["scores"] == old
        assert os.listdir(autograded_folder(copy).parent) == [ASSIGNMENT]
    assert sorted(seen, reverse=True) == seen  # never back
    assert {"old", "new"} == set(seen)


@pytest.mark.slow
def test_same_grades_as_stock_nbgrader(course, tmp_path):
    course = open_course(tmp_path, LateSubmissionPlugin={"penalty_method": "zero"})
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2024, 5, 1)
        gradebook.db.commit()
    class_ = {
        "ada": ({**RIGHT, "why": "So."}, {}, "2024-04-30 00:00:00 UTC"),
        "bob": (RIGHT, {}, "2024-05-02 12:00:00 +0200"),
        "eve": (
            {"double": "def double(x):\n    return 4"},
            {"test_double_other_inputs": 0, "test_half": 0},
            "2024-05-01 00:00:00 UTC",
        ),
    }
    kept = {}
    for student, (answers, scores, time) in class_.items():
        hand_in(course.root, student, answered(released(course.root), **answers), timestamp=time)
        write(course, student, answers=answers, **scores)
    for step in ("by mixgrade", "by nbgrader"):
        if step == "by nbgrader":
            course.assignment_id, course.student_id = ASSIGNMENT, "*"
            Autograde(coursedir=course, config=course.config, force=True).start()
        kept[step] = {student: stored(course, student) for student in class_}
        files = sorted(p.relative_to(tmp_path) for p in tmp_path.glob("classroom/autograded/**/*"))
        kept[step]["files"] = files
    assert kept["by mixgrade"] == kept["by nbgrader"]
    assert [kept["by nbgrader"][s]["total"] for s in class_] == [6.0, 6.0, 1.0]
    assert [kept["by nbgrader"][s]["penalty"] for s in class_] == [None, 6.0, None]
