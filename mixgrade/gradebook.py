"""The one writer: grades into nbgrader's gradebook, notebooks into its folders, then the record.

Each submission is written in steps, and a run that is killed between any two of them leaves what
the next run does again: the old record goes first, then the autograded folder is put in place by a
rename, then the grades are written in one transaction, and the new record comes last.

Scores follow nbgrader's ``SaveAutoGrades`` and ``AssignLatePenalties``: what a grader gave by hand
(scores, extra credit, comments) stays.
"""

from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import compute_checksum

from mixgrade.autograded import autograded_notebook, put_in_place, read_timestamp, write_folder
from mixgrade.grades import Grades
from mixgrade.records import (
    forget_record,
    make_record,
    read_record,
    read_records,
    record_key,
    write_record,
)
from mixgrade.source import GradebookError, read_source

__all__ = ["GradeWriter", "GradebookError"]


class GradeWriter:
    """Writes graded submissions; one a course, used by one thread.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
        Says where everything is.  Its ``config`` is that of nbgrader: late penalties, permissions
        and limits are read there.

    Raises
    ------
    GradebookError
        If there is no gradebook.
    """

    def __init__(self, coursedir):
        self.coursedir = coursedir
        self.log = coursedir.log
        config = coursedir.config
        self._converter = Autograde(coursedir=coursedir, config=config)
        self._limit_output = LimitOutput(config=config)
        self._sources = {}
        self._grades = Grades(coursedir, create_student=self._converter.create_student)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Close the gradebook."""
        self._grades.close()

    def source(self, assignment):
        """Return the `mixgrade.source.Source` of an assignment, read once.

        Raises
        ------
        GradebookError
            If there is not exactly one notebook.
        """
        if assignment not in self._sources:
            self._sources[assignment] = read_source(self.coursedir, assignment)
        return self._sources[assignment]

    def check(self, assignment):
        """Make sure that the gradebook and the source of an assignment agree.

        Raises
        ------
        GradebookError
            If they do not; the text names the first difference and the remedy.
        """
        self._grades.check(self.source(assignment))

    def key(self, assignment, reading):
        """Return the key of the grading of a `Reading`; see `mixgrade.records.record_key`."""
        return record_key(reading.digest, self.source(assignment).content)

    def records(self, assignment):
        """Return all records of an assignment; see `mixgrade.records.read_records`."""
        return read_records(self.coursedir, assignment)

    def is_done(self, student, assignment, key):
        """Return whether a submission is graded, with nothing missing.

        Parameters
        ----------
        student, assignment : str
            Whose work.
        key : str
            What `key` returns for it now.

        Returns
        -------
        bool
            Whether there are a record with this key, the autograded notebook, and in the gradebook
            the record's scores and the present time of submission.
        """
        record = read_record(self.coursedir, assignment, student)
        if record is None or not key or record["key"] != key:
            return False
        folder = self._path(self.coursedir.autograded_directory, student, assignment)
        if not (folder / f"{record['notebook_name']}.ipynb").is_file():
            return False
        submitted = self._path(self.coursedir.submitted_directory, student, assignment)
        timestamp, _ = read_timestamp(submitted)
        scores = {check["grade_id"]: check["score"] for check in record["checks"]}
        return self._grades.hold(student, assignment, scores, timestamp)

    def write(self, student, assignment, reading, outcome, *, key):
        """Write one graded submission: autograded folder, gradebook, record.

        Parameters
        ----------
        student, assignment : str
            Whose work.
        reading : mixgrade.reading.Reading
            What was found.  Of a submission that is not readable, written questions count as not
            answered, as nbgrader does with a missing notebook.
        outcome : dict
            As `mixgrade.engine.Grader.grade` or `mixgrade.engine.not_run` return it.
        key : str
            What `key` returned when the submission was read.

        Returns
        -------
        dict
            The record.

        Raises
        ------
        GradebookError
            If source, gradebook and outcome do not fit together; then nothing is changed.
        sqlalchemy.exc.OperationalError
            If the gradebook stays locked by somebody else.
        """
        source = self.source(assignment)
        self.check(assignment)
        notebook = autograded_notebook(outcome, source)
        notebook, _ = self._limit_output.preprocess(notebook, {})
        scores, comments = _judge(source, notebook, outcome, readable=reading.readable)

        forget_record(self.coursedir, assignment, student)
        folder = self._path(self.coursedir.autograded_directory, student, assignment)
        fresh = folder.with_name(f".{folder.name}.new")
        left_out = write_folder(
            fresh,
            source.name,
            notebook,
            submitted=self._path(self.coursedir.submitted_directory, student, assignment),
            source=self._path(self.coursedir.source_directory, ".", assignment),
            own=self._converter.exclude_overwriting.get(assignment, ()),
            converter=self._converter,
        )
        timestamp, finding = read_timestamp(fresh)
        put_in_place(fresh, folder)
        self._grades.write(student, source, scores, comments, timestamp)
        findings = [*reading.findings, *left_out, *([finding] if finding else [])]
        record = make_record(student, assignment, source.name, outcome, key=key, findings=findings)
        write_record(self.coursedir, record)
        return record

    def _path(self, step, student, assignment):
        return Path(self.coursedir.format_path(step, student, assignment))


def _judge(source, notebook, outcome, *, readable):
    """Return ({grade_id: automatic score or None}, {grade_id: automatic comment or None})."""
    earned = {check["grade_id"]: check["score"] for check in outcome["checks"]}
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    scores, comments = {}, {}
    for name, cell in source.cells.items():
        if cell.answer:
            empty = not readable or _is_empty(cells.get(name), cell)
            comments[name] = "No response." if empty else None
            if cell.points is not None:
                scores[name] = 0.0 if empty else None
        elif cell.points is not None and not cell.task:
            scores[name] = None
            if cell.cell_type == "code":
                scores[name] = _points(source, name, earned.get(name))
    return scores, comments


def _points(source, name, score):
    """Return the score of a check, if it can be one."""
    most = source.cells[name].points
    if score is None or not 0 <= score <= most:
        raise GradebookError(
            f"{source.assignment}: the outcome gives {score} of {most:g} points for {name}; "
            "this is a mistake in the grading engine, please report it"
        )
    return float(score)


def _is_empty(cell, expected):
    """Return whether a cell for an answer is still as it was given to the student."""
    try:
        return cell is None or compute_checksum(cell) == expected.checksum
    except UnicodeEncodeError:
        return False
