"""Make the part of mixcore that a student's notebook sees while it is graded: data and plotting.

Usage: ``python scripts/student_view.py [--mnist train] [--mnist test] FOLDER``.  FOLDER goes onto
the path of the notebook's kernel in the place of the repository.  In it is a package ``mixcore``
without the reference solutions, with the data sets as files that are read in milliseconds.  A
folder that is up to date is left alone.
"""

import argparse
import compileall
import contextlib
import hashlib
import importlib.metadata
import json
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "mixcore"
COPIED = ("datasets.py", "_prepared_sets.py", "_validation.py", "plotting/*.py", "plotting/*.html")
# Where the graders of the course, and the students' zip, take it from.
VIEW = ROOT / "_build" / "student-view"
# The digest of what a view was made from, by which a folder is also known to be a view.
STAMP = "made_from.txt"

INIT = '''"""The part of mixcore that a notebook sees while it is graded: data and plotting.

The reference solutions are not here; on your own machine, the whole package is.
"""

import importlib

__all__ = ["datasets", "plotting"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(
            f"mixcore.{name} is not there while a notebook is graded, only mixcore.datasets and "
            "mixcore.plotting are; use the functions that you wrote"
        )
    return importlib.import_module(f"mixcore.{name}")
'''


def make(folder, *, mnist=()):
    """Make the view of the package, unless it is there and up to date.

    Parameters
    ----------
    folder : path-like
        Folder to make; its parent is made too.  It is built beside and then renamed.
    mnist : sequence of {"train", "test"}
        Parts of MNIST to include: the files are 11 and 2 MB large, and must be prepared, put there
        by hand or within reach of the network, as :mod:`mixcore.datasets` says.

    Returns
    -------
    bool
        Whether it was made anew.

    Raises
    ------
    FileExistsError
        If the folder holds something else than a view made by this function.
    OSError
        If it cannot be written, or MNIST is asked for and cannot be had.
    """
    folder = Path(folder).absolute()
    digest = _digest(mnist)
    if _stamp(folder) == digest:
        return False
    if folder.exists() and _stamp(folder) is None and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} holds something that this script did not make; name a new or empty folder"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        new = Path(beside) / "new"
        _write_package(new / "mixcore")
        _write_sets(new / "mixcore" / "_prepared", mnist)
        # The sandbox cannot write: compiled here, the modules load faster there.
        compileall.compile_dir(new, quiet=1)
        (new / STAMP).write_text(digest, encoding="utf-8")
        # Another process may do the same at the same time.
        with contextlib.suppress(FileNotFoundError):
            folder.rename(Path(beside) / "old")
        try:
            new.rename(folder)
        except OSError:
            if _stamp(folder) != digest:
                raise
    return True


def _digest(mnist):
    """Return a digest of all that the view depends on: the code, and the packages with tables."""
    digest = hashlib.sha256()
    sources = (path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"})
    for path in [Path(__file__).resolve(), *sorted(sources)]:
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    versions = [importlib.metadata.version(name) for name in ("numpy", "plotnine", "scikit-learn")]
    digest.update(repr((versions, sorted(set(mnist)))).encode())
    return digest.hexdigest()


def _stamp(folder):
    try:
        return (folder / STAMP).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _write_package(package):
    for pattern in COPIED:
        for path in PACKAGE.glob(pattern):
            copy = package / path.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    (package / "__init__.py").write_text(INIT, encoding="utf-8")


def _write_sets(folder, mnist):
    # Here, not above: they take half a second, and a view that is up to date does not need them.
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    import numpy as np

    from mixcore import _dataset_builders, datasets

    folder.mkdir()
    entries = {}
    for name, builder in _dataset_builders.BUILDERS.items():
        for part in mnist if name == "mnist" else builder.PARTS:
            dataset = datasets.load(name, split=part)
            fields = {
                field: getattr(dataset, field)
                for field in ("x", "labels", "image_shape", "grey_levels", "full_level")
            }
            present = {field: value for field, value in fields.items() if value is not None}
            np.savez_compressed(folder / f"{name}-{part}.npz", **present)
        entries[name] = {
            "feature_names": builder.FEATURE_NAMES,
            "description": builder.DESCRIPTION,
            "parts": builder.PARTS,
            "truth": _parameters(builder.TRUTH),
        }
    (folder / "sets.json").write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")


def _parameters(truth):
    if truth is None:
        return None
    return {name: getattr(truth, name).tolist() for name in ("weights", "means", "covariances")}


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--mnist", action="append", choices=["train", "test"], default=[],
        help="include this part of MNIST; may be given twice",
    )  # fmt: skip
    parser.add_argument("folder", metavar="FOLDER")
    arguments = parser.parse_args()
    try:
        made = make(arguments.folder, mnist=arguments.mnist)
    except OSError as error:
        sys.exit(f"error: {error}")
    print(f"{'made' if made else 'up to date:'} {arguments.folder}")


if __name__ == "__main__":
    main()
