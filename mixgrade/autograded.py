"""The autograded folder of one submission, as nbgrader's formgrader and feedback expect it.

It holds the notebook with the outputs of grading, the course's helper files, and what else the
student handed in.  Students' files are data from strangers: only regular files inside the folder
are copied, no links are followed, and number and size are limited.
"""

import fnmatch
import os
import shutil
import stat
from pathlib import Path

import nbformat
from nbgrader.utils import parse_utc

from mixgrade.records import sync_folder

# More than any honest submission has.
MAX_FILES = 1000
MAX_DEPTH = 20


def autograded_notebook(outcome, source):
    """Return an outcome's notebook as nbgrader's pages show it.

    Parameters
    ----------
    outcome : dict
        As `mixgrade.engine.Grader.grade` returns it.
    source : mixgrade.source.Source
        Says kernel and checksums.

    Returns
    -------
    NotebookNode
        Each check cell has its title, function, kind and message in ``metadata.mixgrade``, where
        feedback finds them, and the message as the text of its error, where formgrader does.
    """
    notebook = nbformat.from_dict(outcome["notebook"])
    checks = {check["grade_id"]: check for check in outcome["checks"]}
    if "kernelspec" in source.notebook.metadata:
        notebook.metadata["kernelspec"] = source.notebook.metadata.kernelspec
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in source.cells:
            cell.metadata.nbgrader["checksum"] = source.cells[name].checksum
        check = checks.get(name)
        if check is None:
            continue
        shown = {name: check[name] for name in ("title", "function", "kind", "message")}
        cell.metadata["mixgrade"] = nbformat.from_dict(shown)
        for output in cell.outputs:
            if output.output_type == "error":
                output.traceback = [check["message"]]
    return notebook


def write_folder(folder, name, notebook, *, submitted, source, own, converter):
    """Write an autograded folder under a passing name.

    Parameters
    ----------
    folder : Path
        The folder to be; what is there by another run's death is removed first.
    name : str
        Name of the notebook, without ``.ipynb``.
    notebook : NotebookNode
        As `autograded_notebook` returns it.
    submitted, source : Path
        Folder that the student handed in, which may be missing, and the assignment's source.
    own : collection of str
        The source's helper files that are the student's to write: they are not copied from there.
    converter : nbgrader.converters.Autograde
        Says permissions and limits.

    Returns
    -------
    list of str
        One line for each file of the student that was left out.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    course = converter.coursedir
    for path in _walk(source, course.ignore):
        if str(path) not in own and (source / path).is_file():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, target)
    left_out = []
    if _is_real(submitted):
        left_out = _copy_students_files(submitted, folder, course)
    path = folder / f"{name}.ipynb"
    # A half surrogate from a student is no text that a page could show.
    with path.open("w", encoding="utf-8", errors="replace") as file:
        file.write(nbformat.writes(notebook))
        file.flush()
        os.fsync(file.fileno())
    _set_permissions(folder, converter)
    return left_out


def put_in_place(fresh, folder):
    """Rename a written folder to its name, over an earlier one."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def read_timestamp(folder):
    """Return (time of submission, finding) of an autograded folder; either may be None.

    The time is a datetime in UTC without a zone, as nbgrader keeps it.
    """
    path = Path(folder) / "timestamp.txt"
    if not _is_real(path.parent) or not path.is_file() or path.is_symlink():
        return None, None
    with path.open("rb") as file:
        text = file.read(200).decode("utf-8", "replace").strip()
    if not text:
        return None, None
    try:
        return parse_utc(text), None
    except (ValueError, OverflowError):
        return None, f"timestamp.txt says {text[:40]!r}, which is no time; it was left aside"


def _is_real(folder):
    """Return whether a student's folder of an assignment is there and no link."""
    return folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink()


def _walk(folder, ignore):
    """Yield the files in a folder, notebooks apart, as paths relative to it, links included."""
    for here, folders, files in os.walk(folder):
        relative = Path(here).relative_to(folder)
        deep = len(relative.parts) >= MAX_DEPTH
        folders[:] = [] if deep else sorted(n for n in folders if not _ignored(n, ignore))
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in sorted(files) + links:
            if not _ignored(name, [*ignore, "*.ipynb"]):
                yield relative / name


def _ignored(name, patterns):
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _copy_students_files(submitted, folder, course):
    """Copy what may be copied and return a line for each file that may not."""
    left_out, room = [], 1000 * course.max_dir_size
    for count, path in enumerate(_walk(submitted, course.ignore)):
        if count == MAX_FILES:
            left_out.append(f"more than {MAX_FILES} files; the rest was not copied")
            break
        status = (submitted / path).lstat()
        target = folder / path
        if not stat.S_ISREG(status.st_mode):
            left_out.append(f"{str(path)!r} is a link or no regular file; it was not copied")
        elif status.st_size > min(1000 * course.max_file_size, room):
            left_out.append(f"{str(path)!r} is too large ({status.st_size:,} bytes); not copied")
        elif not target.exists() and not any(p.is_file() for p in target.parents):
            room -= status.st_size
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(submitted / path, target, follow_symlinks=False)
    return left_out


def _set_permissions(folder, converter):
    """Set permissions as nbgrader does."""
    mode = int(str(converter.permissions), 8)
    for here, _, files in os.walk(folder):
        for name in files:
            os.chmod(Path(here) / name, mode)
        if converter.coursedir.groupshared:
            os.chmod(here, (os.stat(here).st_mode | 0o2770) & 0o2777)
