"""The made-up class: graded by mixgrade into a real gradebook, every score as expected."""

import csv
import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

import build
import grade
import sample_class

ROOT = Path(__file__).resolve().parents[2]
ROSTER = sample_class.roster()
ASSIGNMENTS = [name for name in build.masters() if any(name in s for s in ROSTER)]
ANSWERS = sorted(sample_class.ANSWERS.glob("*/*.py"))


def fails(path):
    """Return the checks that an answer says it must fail."""
    names = re.search(r"^Fails: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE).group(1)
    return set() if names == "none" else set(names.split(", "))


@functools.cache
def check_points(assignment):
    """Return {check: points} of a master."""
    _, notebook = build.build_notebook(build.masters()[assignment])
    metas = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return {m["grade_id"]: m["points"] for m in metas if m.get("grade") and not m["solution"]}


@functools.cache
def solution_names(assignment):
    """Return the names of the functions of a master."""
    return frozenset(sample_class.model_solutions(assignment)[1])


def expected_points(student, assignment):
    """Return {check: points} that a student of the roster must get."""
    points, work = check_points(assignment), student[assignment]
    if isinstance(work, str):
        return dict.fromkeys(points, 0)
    failing = set()
    for name in work:
        failing |= fails(sample_class.ANSWERS / assignment / f"{name}.py")
    assert failing <= set(points), f"{student['id']}: unknown check in {failing - set(points)}"
    return {name: 0 if name in failing else value for name, value in points.items()}


def hand_ins():
    """Yield (student, assignment) for all that was handed in: nobody need do everything."""
    for student in ROSTER:
        for assignment in ASSIGNMENTS:
            if assignment in student:
                yield student, assignment


def test_the_class_is_large_enough_and_of_every_kind():
    assert len(ROSTER) >= 10
    assert set(build.masters()) == set(ASSIGNMENTS)
    for name in ASSIGNMENTS:
        handed_in = [student[name] for student in ROSTER if name in student]
        assert [] in handed_in, name
        assert any(w[0].startswith("right_") for w in handed_in if w), name
        assert any(w[0].startswith("wrong_") for w in handed_in if w), name
    assert all(re.fullmatch(r"student-\d\d", student["id"]) for student in ROSTER)
    works = [student[a] for student, a in hand_ins()]
    assert [] in works
    assert "untouched" in works
    assert "not JSON" in works
    names = {name for work in works if isinstance(work, list) for name in work}
    assert any(name.startswith("right_") for name in names)
    assert sum(name.startswith("wrong_") for name in names) >= 6
    assert {"raises", "endless"} <= names


def test_every_student_of_the_class_has_expected_totals():
    for student, assignment in hand_ins():
        total = sum(expected_points(student, assignment).values())
        assert student["points"][assignment] == total, (student["id"], assignment)
    assert all(set(s["points"]) == {a for t, a in hand_ins() if t is s} for s in ROSTER)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_answers_fit_their_assignment(path):
    answer = sample_class.read_answer(path)
    assert answer
    assert set(answer) <= solution_names(path.parent.name)
    assert fails(path) <= set(check_points(path.parent.name))
    assert bool(fails(path)) != path.stem.startswith("right_")


def test_a_folder_with_real_work_is_not_emptied(tmp_path):
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "precious.txt").write_text("work")
    with pytest.raises(SystemExit, match="holds something else"):
        sample_class.main(tmp_path)
    assert (tmp_path / "submitted" / "precious.txt").read_text() == "work"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the class as `make sample` does, and return its folder and what was printed."""
    folder = tmp_path_factory.mktemp("class")
    scripts = ROOT / "scripts"
    subprocess.run([sys.executable, scripts / "sample_class.py", folder], check=True, timeout=300)
    result = subprocess.run(
        [sys.executable, scripts / "grade.py", "--classroom", folder],
        capture_output=True, text=True, check=False, timeout=900,
        env=os.environ | {"COURSE_CELL_SECONDS": "20"},  # as the Makefile sets it
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return folder, result.stdout


def gradebook(folder):
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{folder / 'gradebook.db'}")


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_check_of_every_student_scores_as_expected(graded, assignment):
    students = [s for s in ROSTER if assignment in s]
    expected = {s["id"]: expected_points(s, assignment) for s in students}
    found = {s["id"]: dict.fromkeys(check_points(assignment), 0) for s in students}
    with gradebook(graded[0]) as book:
        for submission in book.assignment_submissions(assignment):
            for entry in submission.notebooks[0].grades:
                if entry.name in found[submission.student.id]:
                    found[submission.student.id][entry.name] = entry.score
    assert found == expected


@pytest.mark.slow
def test_the_csv_holds_the_totals(graded):
    with (graded[0] / "grades.csv").open(newline="") as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    for student, assignment in hand_ins():
        row = rows[student["id"], assignment]
        assert float(row["score"]) == student["points"][assignment]


@pytest.mark.slow
def test_the_table_names_every_student_and_function(graded):
    folder, printed = graded
    for assignment in ASSIGNMENTS:
        table = printed.split(f"\n{assignment}: points by function")[1].split("\n\n")[0]
        for function in solution_names(assignment):
            assert function in table.splitlines()[1]
        for student in ROSTER:
            if assignment not in student:
                assert student["id"] not in table
                continue
            line = next(x for x in table.splitlines() if x.startswith(student["id"]))
            most = sum(check_points(assignment).values())
            assert f"{student['points'][assignment]}/{most}" in line
    for path in (folder / "feedback", folder / "mixgrade", folder / "grades.csv"):
        assert str(path) in printed


@pytest.mark.slow
def test_every_submission_has_a_feedback_page_even_one_that_is_no_notebook(graded):
    folder, _ = graded
    for student, assignment in hand_ins():
        pages = list((folder / "feedback" / student["id"] / assignment).glob("*.html"))
        assert len(pages) == 1
        if student[assignment] == "not JSON":
            assert "JSON" in plain(pages[0])


@pytest.mark.slow
def test_every_assignment_has_a_report(graded):
    for assignment in ASSIGNMENTS:
        page = graded[0] / "mixgrade" / f"{assignment}.html"
        assert assignment in plain(page)


@pytest.mark.slow
def test_feedback_shows_the_hint_and_not_the_hidden_check(graded):
    folder, _ = graded
    for assignment in ASSIGNMENTS:
        text = build.masters()[assignment].read_text(encoding="utf-8")
        regions = re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END", text, re.DOTALL)
        visible = re.sub(r"### BEGIN HIDDEN TESTS\n.*?### END", "", text, flags=re.DOTALL)
        answers = "".join(path.read_text(encoding="utf-8") for path in ANSWERS)
        secrets = {
            line.strip()
            for region in regions
            for line in region.splitlines()
            # Messages are meant to be seen; statements are not, unless the student wrote them.
            if len(line.strip()) > 30 and '"' not in line and line.strip() not in visible + answers
        }
        assert len(secrets) > 20
        for page in (folder / "feedback").glob(f"*/{assignment}/*.html"):
            shown = plain(page)
            assert [line for line in secrets if line in shown] == [], page


def plain(page):
    import html

    return html.unescape(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8")))


@pytest.mark.slow
def test_a_failed_check_shows_its_message(graded):
    folder, _ = graded
    for student, assignment in hand_ins():
        if any(n.startswith("wrong_") for n in student[assignment] if len(n) > 1):
            (page,) = (folder / "feedback" / student["id"] / assignment).glob("*.html")
            assert "AssertionError" in plain(page), page


def test_grading_nothing_says_what_to_do(tmp_path):
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / "grade.py", "--classroom", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "there is nothing in" in result.stderr


def test_grading_an_unknown_assignment_says_what_to_do(tmp_path):
    (tmp_path / "submitted" / "ada" / "ps5-em").mkdir(parents=True)
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / "grade.py", "--classroom", tmp_path, "ps6"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "nobody handed in ps6" in result.stderr


def test_checks_belong_to_the_longest_function_name_that_fits():
    class Cell:
        def __init__(self, name, cell_type="code"):
            self.name, self.cell_type = name, cell_type

    class Notebook:
        solution_cells = (Cell("fit"), Cell("fit_em"))
        grade_cells = (Cell("test_fit"), Cell("test_fit_em_rises"), Cell("essay", "markdown"))

    assert grade.functions_of(Notebook) == {"fit": ["test_fit"], "fit_em": ["test_fit_em_rises"]}


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_answers_are_percent_files_with_a_docstring(path):
    cells = jupytext.read(path, fmt="py:percent").cells
    assert cells[0].source.startswith('"""')
