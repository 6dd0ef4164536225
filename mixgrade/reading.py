"""Read what a student handed in, whatever it is.

The folder of a submission is not trusted: files are opened without following links, taken as bytes
and only if they are ordinary files of ordinary size.  Whatever goes wrong is a sentence in the
findings, never an exception.
"""

import contextlib
import hashlib
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import nbformat

from mixgrade.findings import listing, shown
from mixgrade.layout import Template
from mixgrade.parsing import AGAIN, Unreadable, parse

MAX_OTHERS = 20  # notebooks of other names that are looked into
FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Reading:
    """What was read of one submission.

    Attributes
    ----------
    notebook : nbformat.NotebookNode
        Laid out as the source; with empty solutions if nothing usable was found.
    findings : list of str
        One sentence for everything unusual; may quote text of the student's, shortened.
    readable : bool
        Whether a notebook was found.
    digest : str
        SHA-256, in hexadecimal, of the file that was taken, or of what was found instead.
    """

    notebook: nbformat.NotebookNode
    findings: list
    readable: bool
    digest: str


@dataclass(frozen=True)
class _File:
    """A notebook that could be read, and how many of the assignment's graded cells it has."""

    name: str
    cells: list
    findings: list
    digest: str
    own: int


def find_submissions(submitted_folder, assignment):
    """Return the submissions of an assignment as (student, folder), ordered by student.

    A student's folder that is a symbolic link is not followed, and one without permission not
    opened: it is returned itself, for every assignment, and `read_submission` says so.  Hidden
    files and folders are left out; so are students whose names nbgrader cannot take (patterns of
    the shell, white space at an end, unprintable letters), and these are logged.

    Parameters
    ----------
    submitted_folder : path-like
        Holds ``<student>/<assignment>/``.  If it does not exist, nobody handed in.
    assignment : str

    Returns
    -------
    list of tuple of (str, pathlib.Path)
    """
    submitted = Path(submitted_folder)
    found = []
    for name in sorted(os.listdir(submitted)) if submitted.is_dir() else ():
        folder = submitted / name
        if name.startswith("."):
            continue
        if folder.is_symlink():
            if folder.is_file():
                continue
        elif folder.is_dir() and os.access(folder, os.X_OK):
            folder = folder / assignment
            if not os.path.lexists(folder):
                continue
        elif not folder.is_dir():
            continue
        # nbgrader strips the name of a student and takes it as a pattern of the shell.
        if name.isprintable() and name == name.strip() and not set(name) & set("*?["):
            found.append((name, folder))
        else:
            logging.getLogger(__name__).warning(
                "%s is no name for a student's folder in %s: rename it", ascii(name), submitted
            )
    return found


def read_submission(folder, notebook_name, source, *, max_bytes=50_000_000):
    """Read what one student handed in, laid out as the source notebook.

    Parameters
    ----------
    folder : path-like
        The student's folder of the assignment; it is not trusted.
    notebook_name : str
        Name of the notebook, with or without ``.ipynb``.
    source : nbformat.NotebookNode or dict
        The trusted source notebook in format 4, with solutions and hidden checks.
    max_bytes : int, optional
        Larger files are not read.

    Returns
    -------
    Reading
        Its check cells carry their hidden parts: it must not reach the student's kernel as it is.
    """
    template = Template(source)
    name = f"{notebook_name.removesuffix('.ipynb')}.ipynb"
    findings, seen = [], hashlib.sha256()
    try:
        with _opened_folder(Path(folder)) as opened:
            file = _find(opened, name, template, max_bytes, findings, seen)
    except Unreadable as error:
        findings.append(str(error))
        digest = hashlib.sha256(seen.digest() + "\n".join(findings).encode()).hexdigest()
        return Reading(template.empty(), findings, False, digest)
    notebook, differences = template.lay_out(file.cells)
    return Reading(notebook, findings + file.findings + differences, True, file.digest)


@contextlib.contextmanager
def _opened_folder(folder):
    """Open a folder that is no link, for its handle and the names in it."""
    try:
        if stat.S_ISLNK(os.lstat(folder).st_mode):
            raise Unreadable(
                f"The folder {shown(folder.name)} is a symbolic link, which is not followed; "
                "put a copy of the student's files there."
            )
        handle = os.open(folder, FLAGS | os.O_DIRECTORY)
    except OSError as error:
        raise Unreadable(
            f"The folder {shown(folder.name)} cannot be read ({error.strerror}); {AGAIN}."
        ) from error
    try:
        yield handle, sorted(name for name in os.listdir(handle) if not name.startswith("."))
    finally:
        os.close(handle)


def _find(folder, name, template, max_bytes, findings, seen):
    """Return the notebook of an open folder; add to the findings and to the hash of what is seen.

    That is the one of the right name or, if it cannot be taken, the one with most of the
    assignment's cells.
    """
    handle, listed = folder
    others = [other for other in listed if other.lower().endswith(".ipynb") and other != name]
    try:
        if name not in listed:
            raise Unreadable(
                f"{name} is missing, the folder holds {listing(listed) or 'nothing'}; "
                "ask the student for it."
            )
        file = _read_file(handle, name, template, max_bytes, seen)
        if others:
            findings.append(f"Not read, because {name} is there: {listing(others)}.")
        return file
    except Unreadable as error:
        if not others:
            raise
        findings.append(str(error))
    files, failures = [], []
    for other in others[:MAX_OTHERS]:
        try:
            files.append(_read_file(handle, other, template, max_bytes, seen))
        except Unreadable as error:
            failures.append(str(error))
    most = max((file.own for file in files), default=0)
    best = [file for file in files if file.own == most]
    if len({file.digest for file in best}) == 1:
        findings.append(f"{shown(best[0].name)} was graded instead of {name}.")
        return best[0]
    findings += failures
    if best:
        raise Unreadable(
            f"{listing(file.name for file in best)} have equally many of the assignment's cells; "
            f"rename the right one to {name}."
        )
    raise Unreadable(f"No other file is a notebook of this assignment; {AGAIN} as {name}.")


def _read_file(handle, name, template, max_bytes, seen):
    """Return the notebook of a name in an open folder if it is of this assignment."""
    try:
        data = _bytes(handle, name, max_bytes)
        digest = hashlib.sha256(data)
        seen.update(digest.digest())
        cells, findings = parse(data)
        own, foreign = template.count(cells)
        # Some cells have the same names in several assignments.
        if own == 0 or own < len(foreign):
            others = f" and {len(foreign)} of others ({listing(foreign)})" if foreign else ""
            raise Unreadable(
                f"has {own or 'no'} graded cell{'s' * (own != 1)} of this assignment{others}; "
                "ask the student for the right notebook"
            )
    except Unreadable as error:
        raise Unreadable(f"{shown(name)} {error}.") from error
    findings = [f"{shown(name)} {finding}." for finding in findings]
    return _File(name, cells, findings, digest.hexdigest(), own)


def _bytes(handle, name, max_bytes):
    """Return the content of an ordinary file."""
    try:
        mode = os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            raise Unreadable(f"is a symbolic link, which is not followed; {AGAIN}")
        if not stat.S_ISREG(mode):
            raise Unreadable(f"is not an ordinary file; {AGAIN}")
        with open(os.open(name, FLAGS, dir_fd=handle), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(f"is not an ordinary file; {AGAIN}")
            if status.st_size > max_bytes:
                raise Unreadable(
                    f"has {status.st_size / 1e6:.1f} MB, more than the {max_bytes / 1e6:g} MB that "
                    f"are read; {AGAIN} with its outputs cleared"
                )
            return file.read(max_bytes)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror}); {AGAIN}") from error
