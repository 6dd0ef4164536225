"""Grades as CSV: nbgrader's columns, and what each function earned."""

import csv
import os
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select
from sqlalchemy.engine import make_url

from mixgrade.source import GradebookError

__all__ = ["write_grades"]

# As `nbgrader export` names and orders them.
COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
LONG_COLUMNS = (
    "assignment", "student_id", "function", "check", "auto_score", "manual_score", "extra_credit",
    "score", "max_score", "needs_manual_grade",
)  # fmt: skip


def write_grades(coursedir, path, *, assignments=(), long=False):
    """Write the grades in the gradebook as a CSV file.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
        Says where the gradebook is.
    path : path-like
        The file; it is there whole or not at all.
    assignments : collection of str, optional
        All of the gradebook if empty.
    long : bool, optional
        One row a check that was graded, instead of one a student and assignment.  Otherwise the
        columns of `nbgrader export` come first, with a row of zeros for who did not hand in, and
        then ``points_<function>`` for each function and each question.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    GradebookError
        If there is no gradebook, or no such assignment in it.
    """
    url = make_url(coursedir.db_url)
    # nbgrader would make one.
    if url.get_backend_name() == "sqlite" and not Path(url.database).exists():
        raise GradebookError(
            f"there is no gradebook {url.database}; make it with `make release` or "
            "`nbgrader generate_assignment`"
        )
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        known = gradebook.db.scalars(select(Assignment).order_by(Assignment.name)).all()
        missing = set(assignments) - {assignment.name for assignment in known}
        if missing:
            raise GradebookError(
                f"the gradebook has no assignment {', '.join(sorted(missing))}; make it with "
                "`make release` or `nbgrader generate_assignment`"
            )
        wanted = [a for a in known if not assignments or a.name in assignments]
        columns, rows = (_long if long else _wide)(gradebook.db, wanted)
    path = Path(path)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writerow({name: _safe(name) for name in columns})
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    os.replace(fresh, path)
    return len(rows)


def _safe(value):
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _wide(db, assignments):
    """Return (columns, rows) with one row a student and assignment."""
    rows, extra = [], {}
    students = db.scalars(select(Student).order_by(Student.id)).all()
    for assignment in assignments:
        functions = _functions(db, assignment)
        extra |= dict.fromkeys(f"points_{name}" for name in functions.values())
        query = select(SubmittedAssignment).filter_by(assignment_id=assignment.id)
        submitted = {submission.student_id: submission for submission in db.scalars(query)}
        points = {}
        for student, name, grade in _grades(db, assignment):
            earned = points.setdefault(student, {})
            column = f"points_{functions[name]}"
            earned[column] = earned.get(column, 0.0) + grade.score
        for student in students:
            submission = submitted.get(student.id)
            penalty = submission.late_submission_penalty or 0.0 if submission else 0.0
            score = submission.score if submission else 0.0
            row = {
                "assignment": assignment.name,
                "duedate": assignment.duedate,
                "timestamp": submission.timestamp if submission else None,
                "student_id": student.id,
                "last_name": student.last_name,
                "first_name": student.first_name,
                "email": student.email,
                "raw_score": score,
                "late_submission_penalty": penalty,
                "score": max(0.0, score - penalty),
                "max_score": assignment.max_score,
            }
            rows.append(row | points.get(student.id, {}))
    return [*COLUMNS, *extra], rows


def _long(db, assignments):
    """Return (columns, rows) with one row a student and check."""
    rows = []
    for assignment in assignments:
        functions = _functions(db, assignment)
        most = {cell.name: cell.max_score for cell in _graded_cells(assignment)}
        order = {name: place for place, name in enumerate(functions)}
        found = sorted(_grades(db, assignment), key=lambda one: (one[0], order[one[1]]))
        for student, name, grade in found:
            row = {
                "assignment": assignment.name,
                "student_id": student,
                "function": functions[name],
                "check": name,
                "max_score": most[name],
            }
            for column in ("auto_score", "manual_score", "extra_credit", "score"):
                row[column] = getattr(grade, column)
            row["needs_manual_grade"] = int(grade.needs_manual_grade)
            rows.append(row)
    return list(LONG_COLUMNS), rows


def _grades(db, assignment):
    """Return (student, grade_id, grade) of everything that was graded of an assignment."""
    return db.execute(
        select(SubmittedAssignment.student_id, BaseCell.name, Grade)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(SubmittedAssignment.assignment_id == assignment.id)
    ).all()


def _graded_cells(assignment):
    return [c for n in assignment.notebooks for c in [*n.grade_cells, *n.task_cells]]


def _functions(db, assignment):
    """Return {grade_id: function}, in the order of the notebook; a question is its own."""
    query = select(Notebook).filter_by(assignment_id=assignment.id)
    solutions = [c.name for n in db.scalars(query) for c in n.solution_cells]
    functions = {}
    for cell in _graded_cells(assignment):
        # `test_fit_em_rises` is of `fit_em`, not of `fit`.
        owners = [name for name in solutions if f"{cell.name}_".startswith(f"test_{name}_")]
        functions[cell.name] = max(owners, key=len, default=cell.name)
    return functions
