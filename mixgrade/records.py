"""Records: what is kept of each graded submission, beside nbgrader's gradebook.

A record is a JSON file ``<classroom>/mixgrade/<assignment>/<student>.json``, where ``<classroom>``
is the folder that holds the gradebook.  It is written last, so a record with the right key says
that nothing of this submission is missing.  Reports are made from records.
"""

import hashlib
import importlib.metadata
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

VERSION = 1
# What a record takes from its outcome.
KEPT = ("checks", "incidents", "seconds", "engine_seconds", "isolation", "versions")
# What every record has; a file without one of them is damaged.
FIELDS = {
    "version",
    "student",
    "assignment",
    "notebook_name",
    "key",
    "graded_at",
    "findings",
    *KEPT,
    "score",
    "max_score",
}


def record_key(digest, source):
    """Return the key of a grading: it changes when the grading has to be done again.

    Parameters
    ----------
    digest : str
        What was handed in, as `Reading.digest`.
    source : bytes
        The source notebook's file.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits over both and the version of mixgrade.
    """
    version = importlib.metadata.version("mixture-course")
    parts = [digest.encode(), hashlib.sha256(source).hexdigest().encode(), version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_record(student, assignment, notebook_name, outcome, *, key, findings):
    """Return the record of an outcome: the outcome without its notebook, and whose it is.

    Parameters
    ----------
    student, assignment, notebook_name : str
        Whose work it is.
    outcome : dict
        As `mixgrade.engine.Grader.grade` returns it.
    key : str
        As `record_key` returns it; empty if the record must not spare a later run the work.
    findings : iterable of str
        What was found in the submission, one line each.

    Returns
    -------
    dict
        Plain JSON data.  `score` and `max_score` are the sums over the checks, in points; what a
        grader gives by hand stands in the gradebook alone.
    """
    checks = outcome["checks"]
    return {
        "version": VERSION,
        "student": student,
        "assignment": assignment,
        "notebook_name": notebook_name,
        "key": key,
        "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "findings": list(findings),
        **{name: outcome[name] for name in KEPT},
        "score": float(sum(check["score"] for check in checks)),
        "max_score": float(sum(check["points"] for check in checks)),
    }


def record_path(coursedir, assignment, student):
    """Return where the record of a submission is kept, as a Path."""
    return _folder(coursedir, assignment) / f"{student}.json"


def write_record(coursedir, record):
    """Write a record so that it is there whole or not at all, even after a loss of power."""
    path = record_path(coursedir, record["assignment"], record["student"])
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def forget_record(coursedir, assignment, student):
    """Remove a record, if there is one: its submission counts as not graded from here on."""
    path = record_path(coursedir, assignment, student)
    if path.exists():
        path.unlink()
        sync_folder(path.parent)


def read_record(coursedir, assignment, student):
    """Return the record of a submission, or None if there is none or it is damaged."""
    return _read(record_path(coursedir, assignment, student), coursedir.log)


def read_records(coursedir, assignment):
    """Return all records of an assignment, in the order of the students' names.

    A damaged record is as if it were missing: the log has a warning, and the next run of
    ``mixgrade grade`` makes it anew.
    """
    paths = sorted(_folder(coursedir, assignment).glob("[!.]*.json"))
    return [record for path in paths if (record := _read(path, coursedir.log)) is not None]


def sync_folder(folder):
    """Make a rename inside a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder(coursedir, assignment):
    """Return the folder of an assignment's records: beside the gradebook if that is a file."""
    url = make_url(coursedir.db_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    classroom = Path(url.database).resolve().parent if is_file else Path(coursedir.root)
    return classroom / "mixgrade" / assignment


def _read(path, log):
    """Return a record, or None."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.warning("the record %s is damaged (%s); it counts as missing", path, error)
        return None
    if not isinstance(record, dict) or record.get("version") != VERSION or FIELDS - set(record):
        log.warning("the record %s is not of this version; it counts as missing", path)
        return None
    return record
