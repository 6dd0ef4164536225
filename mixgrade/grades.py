"""Automatic scores in nbgrader's gradebook, each submission's in one transaction.

nbgrader's own methods commit cell by cell; a run killed among them leaves half a grade.  Here the
same tables are written through the same classes, with one commit.
"""

import time
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import load_only

from mixgrade.source import GradebookError

# Formgrader holds the gradebook for a moment at a time.  SQLite itself waits BUSY_SECONDS for it,
# and after each pause once more.
BUSY_SECONDS = 10
PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds


class Grades:
    """The open gradebook of a course.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
        Says where the gradebook is; its ``config`` has the late penalties.
    create_student : bool
        Whether a student who is not in the gradebook is added.

    Raises
    ------
    GradebookError
        If there is no gradebook.
    """

    def __init__(self, coursedir, *, create_student):
        self.log = coursedir.log
        self._create_student = create_student
        self._late = AssignLatePenalties(config=coursedir.config)
        self._late.init_plugin()
        url = make_url(coursedir.db_url)
        sqlite = url.get_backend_name() == "sqlite"
        if sqlite and not Path(url.database).exists():
            raise GradebookError(
                f"there is no gradebook {url.database}; make it with `make release` or "
                "`nbgrader generate_assignment`"
            )
        self._gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        if sqlite:
            _take_turns(self._gradebook.engine)

    def close(self):
        """Close the gradebook."""
        self._gradebook.close()

    def check(self, source):
        """Raise GradebookError if the gradebook has other cells, points or texts than a source."""
        self._transaction(lambda: self._ids(source))

    def hold(self, student, assignment, scores, timestamp):
        """Return whether the gradebook has these automatic scores and this time of submission.

        Parameters
        ----------
        student, assignment : str
            Whose work.
        scores : dict
            Points by grade_id.
        timestamp : datetime or None
            None if it does not matter.
        """
        return self._transaction(lambda: self._hold(student, assignment, scores, timestamp))

    def write(self, student, source, scores, comments, timestamp):
        """Write what grading found out about one submission, and its late penalty.

        Parameters
        ----------
        student : str
            Whose work; created if need be.
        source : mixgrade.source.Source
            The assignment.
        scores : dict
            Automatic score in points by grade_id; None where a grader has to look.
        comments : dict
            Automatic comment or None, by grade_id.
        timestamp : datetime or None
            Time of submission in UTC; None leaves the one that is there.

        Raises
        ------
        GradebookError
            If gradebook and source do not agree, or the student may not be created.
        sqlalchemy.exc.OperationalError
            If the gradebook stays locked by somebody else.
        """
        self._transaction(lambda: self._write(student, source, scores, comments, timestamp))

    def _transaction(self, work):
        """Do some work in one transaction and return its result."""
        db = self._gradebook.db
        for pause in (*PAUSES, None):
            try:
                result = work()
                db.commit()
                return result
            except OperationalError as error:
                if pause is None or "locked" not in str(error):
                    raise
                self.log.warning("the gradebook is locked; trying again in %g s", pause)
            finally:
                # Rolls back what was not committed, and lets go of all objects.
                db.remove()
            time.sleep(pause)

    def _ids(self, source):
        """Return (assignment's id, notebook's id, ids of graded cells, ids of commented cells).

        The last two are dicts by grade_id.  Raises GradebookError as `check` does.
        """
        db = self._gradebook.db
        found = db.execute(
            select(Assignment.id, Notebook.id, Notebook.name)
            .join(Notebook, Notebook.assignment_id == Assignment.id)
            .where(Assignment.name == source.assignment)
        ).all()
        names = [name for _, _, name in found]
        if names != [source.name]:
            there = ", ".join(names) or "nothing"
            raise _disagreement(source, f"notebooks: {there} there, {source.name} in the source")
        assignment, notebook, _ = found[0]
        graded, points, commented, texts = {}, {}, {}, {}
        for kind in (GradeCell, TaskCell):
            query = select(kind.name, kind.id, kind.max_score).where(kind.notebook_id == notebook)
            for name, cell, most in db.execute(query):
                graded[name], points[name] = cell, most
        for kind in (SolutionCell, TaskCell):
            query = select(kind.name, kind.id).where(kind.notebook_id == notebook)
            commented |= dict(db.execute(query).all())
        query = select(SourceCell.name, SourceCell.checksum)
        query = query.where(SourceCell.notebook_id == notebook)
        texts = dict(db.execute(query).all())
        _compare(source, points, set(commented), texts)
        return assignment, notebook, graded, commented

    def _hold(self, student, assignment, scores, timestamp):
        db = self._gradebook.db
        submitted = db.execute(
            select(SubmittedAssignment.id, SubmittedAssignment.timestamp)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(Assignment.name == assignment, SubmittedAssignment.student_id == student)
        ).first()
        if submitted is None or timestamp not in (None, submitted.timestamp):
            return False
        rows = db.execute(
            select(GradeCell.name, Grade.auto_score)
            .join(Grade, Grade.cell_id == GradeCell.id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .where(SubmittedNotebook.assignment_id == submitted.id)
        )
        return scores.items() <= dict(rows.all()).items()

    def _write(self, student, source, scores, comments, timestamp):
        db = self._gradebook.db
        assignment, notebook, graded, commented = self._ids(source)
        if db.get(Student, student) is None:
            if not self._create_student:
                raise GradebookError(
                    f"student {student!r} is not in the gradebook; add it with `nbgrader db "
                    "student add`, or set Autograde.create_student"
                )
            db.add(Student(id=student))
        submission = _one(db, SubmittedAssignment, assignment_id=assignment, student_id=student)
        if timestamp is not None:
            submission.timestamp = timestamp
        own = _one(db, SubmittedNotebook, notebook_id=notebook, assignment_id=submission.id)
        columns = (Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade)
        grades = _rows(db, Grade, own, graded.values(), columns)
        for name, score in scores.items():
            grade = grades[graded[name]]
            grade.auto_score = score
            grade.needs_manual_grade = grade.manual_score is not None or score is None
        columns = (Comment.cell_id, Comment.auto_comment)
        rows = _rows(db, Comment, own, commented.values(), columns)
        for name, comment in comments.items():
            rows[commented[name]].auto_comment = comment
        db.flush()
        own.late_submission_penalty = self._penalty(student, submission, own)

    def _penalty(self, student, submission, own):
        """Return the late penalty in points, or None."""
        late = submission.total_seconds_late
        if late <= 0:
            return None
        query = select(func.coalesce(func.sum(Grade.score), 0.0))
        query = query.where(Grade.notebook_id == own.id)
        score = self._gradebook.db.execute(query).scalar_one()
        penalty = self._late.plugin_inst.late_submission_penalty(student, score, late)
        return None if penalty is None else min(max(penalty, 0), score)


def _take_turns(engine):
    """Let each transaction wait for its turn at the start, rather than fail half-way."""

    @event.listens_for(engine, "connect")
    def connect(connection, _):
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # The connections so far do not have these habits.
    engine.dispose()


def _disagreement(source, difference, remedy=""):
    name = source.assignment
    return GradebookError(
        f"gradebook and source of {name} do not agree, {difference}; run `make release` or "
        f"`nbgrader generate_assignment {name} --force`{remedy}, then grade again"
    )


def _compare(source, points, commented, texts):
    """Raise GradebookError for the first difference between gradebook and source."""
    cells = source.cells
    graded = {name: cell.points for name, cell in cells.items() if cell.points is not None}
    answers = {name for name, cell in cells.items() if cell.answer or cell.task}
    checksums = {name: cell.checksum for name, cell in cells.items()}

    def described(name, points, answers, texts):
        if name not in texts:
            return "no such cell"
        worth = f"{points[name]:g} points" if name in points else "not graded"
        return f"{worth}, an answer" if name in answers else worth

    for name in sorted(cells.keys() | points.keys() | commented):
        there = described(name, points, commented, texts)
        wanted = described(name, graded, answers, checksums)
        if there != wanted:
            difference = f"{name}: {there} there, {wanted} in the source"
        elif texts.get(name) != checksums.get(name):
            difference = f"{name}: other text in the source"
        else:
            continue
        remedy = ""
        if cells.keys() != texts.keys():
            remedy = (
                " (where it refuses because somebody was graded: `nbgrader db assignment remove "
                f"{source.assignment} --force` first, which deletes these grades)"
            )
        raise _disagreement(source, difference, remedy)


def _one(db, kind, **identity):
    """Return the row with these columns, made if need be."""
    row = db.execute(select(kind).filter_by(**identity)).scalar_one_or_none()
    if row is None:
        row = kind(**identity)
        row.id = new_uuid()
        db.add(row)
    return row


def _rows(db, kind, notebook, cells, columns):
    """Return {cell's id: row} of a submitted notebook, with rows made for cells without one."""
    query = select(kind).where(kind.notebook_id == notebook.id).options(load_only(*columns))
    rows = {row.cell_id: row for row in db.execute(query).scalars()}
    for cell in cells:
        if cell not in rows:
            rows[cell] = kind(cell_id=cell, notebook_id=notebook.id)
            db.add(rows[cell])
    return rows
