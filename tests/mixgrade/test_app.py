import csv
import fcntl
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from nbgrader.api import Gradebook
from small_course import ASSIGNMENT, POINTS, answered, hand_in, make_course, open_course, released

from mixgrade.commands import ExportCommand, GradeCommand, ReportCommand
from mixgrade.export import write_grades
from mixgrade.grading import _one_line
from mixgrade.source import GradebookError

# nbgrader's own use of its database draws warnings.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

CONFIG = f"""
from pathlib import Path

c = get_config()
c.CourseDirectory.course_id = "small"
c.CourseDirectory.root = str(Path(__file__).parent)
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.db_url = "sqlite:///classroom/gradebook.db"
c.Sandbox.isolation = {"bubblewrap" if shutil.which("bwrap") else "limits"!r}
"""
COMMANDS = {"grade": GradeCommand, "report": ReportCommand, "export": ExportCommand}
RIGHT = {"double": "def double(x):\n    return 2 * x", "half": "def half(x):\n    return x / 2"}
CLASS = {
    "ada": RIGHT,
    "bob": RIGHT | {"half": "def half(x):\n    return x"},
    "cyd": RIGHT | {"double": "def double(x):\n    import os\n    os._exit(1)"},
    "eve": {},
    "fay": RIGHT | {"why": "So."},
}
SCORES = {"ada": 6.0, "bob": 3.0, "cyd": 3.0, "dan": 0.0, "eve": 0.0, "fay": 6.0}


@pytest.fixture(scope="module")
def fresh_course(tmp_path_factory):
    """Make a course with five submissions, and one by dan that is no notebook."""
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    (root / "nbgrader_config.py").write_text(CONFIG)
    for student, answers in CLASS.items():
        hand_in(root, student, answered(released(root), **answers))
    folder = root / "classroom" / "submitted" / "dan" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / "small.ipynb").write_text("{")
    return root


@pytest.fixture
def course(tmp_path, fresh_course):
    shutil.copytree(fresh_course, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, fresh_course):
    """Return a course that was graded undisturbed, and what was printed."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(fresh_course, root)
    result = mixgrade(root, "grade", ASSIGNMENT, "--workers=2")
    assert result.returncode == 0, result.stderr
    return root, result


def command(*words):
    return [sys.executable, "-P", "-m", "mixgrade", *words]


def mixgrade(root, *words):
    return subprocess.run(
        command(*words), cwd=root,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture
def error(course, monkeypatch):
    """Return a function that runs a command that fails, here, and returns its one line."""
    monkeypatch.chdir(course)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def run(name, *words):
        app = COMMANDS[name]()
        app.initialize(list(words))
        with pytest.raises(SystemExit) as stopped:
            app.start()
        assert "\n" not in stopped.value.code
        return stopped.value.code

    return run


def records(root):
    folder = root / "classroom" / "mixgrade" / ASSIGNMENT
    return {p.stem: json.loads(p.read_text()) for p in folder.glob("[!.]*.json")}


def table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file, restkey="rest"))


def content(root):
    """Return everything that a run leaves, without what a clock has a part in."""
    coursedir = open_course(root)
    path = root / "export.csv"
    write_grades(coursedir, path, long=True)
    kept = {}
    for student, record in records(root).items():
        checks = [{k: v for k, v in check.items() if k != "seconds"} for check in record["checks"]]
        kept[student] = {k: record[k] for k in ("findings", "key", "score", "incidents")}, checks
    files = root / "classroom" / "autograded"
    pages = {str(p.relative_to(files)): p.read_bytes() for p in files.rglob("*") if p.is_file()}
    return path.read_text(), kept, pages


# --- without a kernel -------------------------------------------------------------------------


@pytest.mark.slow
def test_alone_it_names_its_commands(tmp_path):
    result = mixgrade(tmp_path)
    assert result.returncode == 0
    assert all(f"    {name}\n" in result.stdout for name in ("grade", "report", "export", "check"))
    assert mixgrade(tmp_path, "--version").stdout == "0.1.0\n"
    helped = mixgrade(tmp_path, "grade", "--help").stdout
    assert all(f"--{name}" in helped for name in ("workers", "scheduler", "force"))
    result = mixgrade(tmp_path, "mark")
    assert result.returncode == 1
    assert result.stderr.endswith(
        "error: there is no command mark; there are: grade, report, export, check\n"
    )


def test_one_clear_line_with_the_remedy(course, error):
    assert "no assignment ps9 (" in (line := error("grade", "ps9"))
    assert line.endswith("there are: ps1-small")
    assert "zoe did not hand in ps1-small; see" in error("grade", ASSIGNMENT, "zoe")
    assert "no graded submission of ps1-small: run `mix" in error("report", ASSIGNMENT)
    assert "name one assignment" in error("report")
    source = course / "source" / ASSIGNMENT / "small.ipynb"
    text = source.read_text()
    source.write_text(text.replace('"points": 3', '"points": 4'))
    assert "do not agree" in (line := error("grade"))
    assert "run `make release` or `nbgrader generate_assignment" in line
    source.write_text(text)
    line = error("grade", ASSIGNMENT, "--scheduler=tcp://127.0.0.1:9x")
    assert "no Dask scheduler answers at tcp://127.0.0.1:9x" in line
    with (course / "classroom" / "mixgrade" / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "another `mixgrade grade` is writing" in error("grade")
    shutil.rmtree(course / "classroom" / "submitted")
    assert "nobody handed in ps1-small; put notebooks at" in error("grade", ASSIGNMENT)
    assert "nobody handed in anything; put notebooks at" in error("grade")
    source.rename(course / "small.ipynb")
    assert "there is no assignment ps1-small" in error("grade", ASSIGNMENT)
    (course / "classroom" / "gradebook.db").unlink()
    for name in ("grade", "export"):
        assert "there is no gradebook" in error(name)


def test_without_bubblewrap(error, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    line = error("grade", "--Sandbox.isolation=bubblewrap")
    assert line.startswith("error: bubblewrap (the command bwrap) was not found: install it")


def test_a_line_stays_a_line():
    assert _one_line("a\nb\x1b[2Jc") == "a b [2Jc"
    assert len(_one_line("x" * 1000)) == 300


def test_export_of_nothing(course):
    coursedir = open_course(course)
    assert write_grades(coursedir, course / "g.csv") == 0
    with pytest.raises(GradebookError, match="has no assignment ps9"):
        write_grades(coursedir, course / "g.csv", assignments=["ps9"])


# --- with kernels -----------------------------------------------------------------------------


@pytest.mark.slow
def test_grade(graded):
    root, result = graded
    assert {student: r["score"] for student, r in records(root).items()} == SCORES
    lines = result.stdout.splitlines()
    assert len([line for line in lines if line.startswith("ps1-small cyd: died in test_")]) == 1
    assert len([line for line in lines if line.startswith("ps1-small dan: ")]) == 1
    assert not [line for line in lines if line.startswith(("ps1-small ada:", "ps1-small eve:"))]
    assert "ps1-small: 6 graded, 0 skipped, 1 needs a human (dan), mean score 3.60 of 6" in lines
    assert "mixgrade report ps1-small" in result.stdout
    assert "a second; isolation: " in lines[-1]
    assert "6 of 6 (100 %)" in result.stderr


@pytest.mark.slow
def test_a_second_run_does_nothing_and_force_grades_anew(graded, tmp_path):
    shutil.copytree(graded[0], root := tmp_path / "course")
    before = {student: record["graded_at"] for student, record in records(root).items()}
    was = content(root)
    result = mixgrade(root, "grade")
    assert "0 graded, 6 skipped" in result.stdout
    assert "nothing to do" in result.stdout
    assert content(root) == was
    hand_in(root, "eve", answered(released(root), **RIGHT))
    assert "1 graded, 5 skipped" in mixgrade(root, "grade").stdout
    assert records(root)["eve"]["score"] == 6.0
    time.sleep(1)
    assert (
        "2 graded, 0 skipped" in mixgrade(root, "grade", ASSIGNMENT, "ada", "bob", "--force").stdout
    )
    after = {student: record["graded_at"] for student, record in records(root).items()}
    changed = {student for student in SCORES if after[student] != before[student]}
    assert changed == {"ada", "bob", "eve"}


LATE = """
from nbgrader.plugins import BasePlugin

class HalfOff(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2

c.AssignLatePenalties.plugin_class = HalfOff
"""


@pytest.mark.slow
def test_the_rule_for_late_submissions_comes_from_the_file(course):
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(LATE)
    with Gradebook(f"sqlite:///{course / 'classroom' / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-12-01T17:00:00+01:00")
    times = {"ada": "2026-12-01 15:59:00 UTC", "bob": "2026-12-01 16:01:00 UTC"}
    for student, when in times.items():
        folder = course / "classroom" / "submitted" / student / ASSIGNMENT
        (folder / "timestamp.txt").write_text(when)
    result = mixgrade(course, "grade", ASSIGNMENT, "ada", "bob")
    assert result.returncode == 0, result.stderr
    mixgrade(course, "export")
    penalties = {
        row["student_id"]: row["late_submission_penalty"] for row in table(course / "grades.csv")
    }
    assert penalties == {"ada": "0.0", "bob": str(SCORES["bob"] / 2)}


@pytest.mark.slow
def test_killed_at_random_moments_and_started_again(course, graded):
    rng = np.random.default_rng(20260)
    for seconds in rng.uniform(2.0, 9.0, size=5):
        run = subprocess.Popen(
            command("grade", "--workers=2"),
            cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seconds)
        run.send_signal(signal.SIGKILL)
        run.wait()
    done = len(records(course))
    result = mixgrade(course, "grade", "--workers=1")
    assert result.returncode == 0, result.stderr
    assert f"{6 - done} graded" in result.stdout
    assert content(course) == content(graded[0])


@pytest.mark.slow
def test_interrupted(course, graded):
    hand_in(course, "gus", answered(released(course), double="while True: pass"))
    run = subprocess.Popen(
        command("grade", "--workers=1"),
        cwd=course, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while len(records(course)) < 2:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=120)
    assert run.returncode == 130
    assert "Traceback" not in stderr
    assert "graded in this run, which are kept; " in stderr
    assert "left for `mixgrade grade`" in stderr
    done = len(records(course))
    shutil.rmtree(course / "classroom" / "submitted" / "gus")
    assert f", {done} skipped" in mixgrade(course, "grade", "--workers=2").stdout
    assert content(course) == content(graded[0])


@pytest.mark.slow
def test_report(graded):
    root, _ = graded
    result = mixgrade(root, "report", ASSIGNMENT)
    page = root / "classroom" / "mixgrade" / f"{ASSIGNMENT}.html"
    assert result.stdout == f"{page}\n"
    assert "ps1-small" in page.read_text()
    mixgrade(root, "report", ASSIGNMENT, "--output", "other.html")
    assert (root / "other.html").read_bytes() == page.read_bytes()


@pytest.mark.slow
def test_export(graded, tmp_path):
    shutil.copytree(graded[0], root := tmp_path / "course")
    with Gradebook(open_course(root).db_url) as gradebook:
        gradebook.update_or_create_student("ada", first_name='=HYPERLINK("x")', last_name="Ö, x")
        grade = gradebook.find_grade("why", "small", ASSIGNMENT, "fay")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    assert mixgrade(root, "export").stdout == f"6 rows: {root / 'grades.csv'}\n"
    rows = {row["student_id"]: row for row in table(root / "grades.csv")}
    assert list(rows) == sorted(SCORES)
    assert rows["ada"]["first_name"] == '\'=HYPERLINK("x")'
    assert rows["ada"]["last_name"] == "Ö, x"
    fay = rows["fay"]
    assert (fay["raw_score"], fay["score"], fay["max_score"]) == ("9.5", "9.5", "10.0")
    assert (fay["points_double"], fay["points_half"], fay["points_why"]) == ("3.0", "3.0", "3.5")
    # nbgrader's own export has the same columns first, and the same in them.
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", "--to=theirs.csv"],
        cwd=root, check=True, capture_output=True,
    )  # fmt: skip
    for theirs in table(root / "theirs.csv"):
        if theirs["student_id"] in rows and theirs["student_id"] != "ada":
            assert theirs.items() <= rows[theirs["student_id"]].items()
    mixgrade(root, "export", ASSIGNMENT, "--long", "--output=long.csv")
    rows = table(root / "long.csv")
    assert [r["check"] for r in rows if r["student_id"] == "fay"] == [*POINTS, "why"]
    assert [r["score"] for r in rows if r["student_id"] == "bob"] == ["1.0", "2.0", "0.0", "0.0"]
    assert Path(root, "long.csv").read_bytes().count(b"\r") == 0
