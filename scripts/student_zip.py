"""Put all that a student takes home into one zip: notebooks, their data, the course's package.

Usage: ``python scripts/student_zip.py [FILE]``.  The package in it carries the data sets as plain
files, so that the notebooks need neither this repository nor a network nor TensorFlow Datasets, and
run on Windows too.  The same sources give the same bytes.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "scripts") not in sys.path:
    sys.path.insert(0, str(ROOT / "scripts"))

import student_view  # noqa: E402 - beside this file

NAME = "mixture-course-students"
ZIP = ROOT / "_build" / "take-along" / f"{NAME}.zip"
# The first second that a zip can name, for every file.
EPOCH, EPOCH_SECONDS = (1980, 1, 1, 0, 0, 0), "315532800"

README = """# Notebooks of the course "{title}"

You need Python 3.11 or newer and, once, a network for the installation.
Open a terminal in this folder, then

1. make an environment and switch to it:
   - Linux, macOS: `python3 -m venv .venv && source .venv/bin/activate`
   - Windows: `py -m venv .venv` and then `.venv\\Scripts\\activate`
2. install: `python -m pip install -c constraints.txt "./{wheel}[student]"`
3. open a notebook: `jupyter lab {notebook}`

`mixgrade check {notebook}` says what the checks of a notebook say, and how many points that is.
Here that is a notebook in which nothing is done yet, so its checks fail.

The data sets are in the package: nothing else is fetched.
With `[reading]` in the place of `[student]`, the notebooks of the chapters run too.
The book is at {site} .
"""


def make(path=ZIP):
    """Write the zip and return its path.

    Parameters
    ----------
    path : path-like
        File to write; it is replaced in one piece.
    """
    path = Path(path).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=path.parent) as work:
        wheel = _wheel(Path(work))
        contents = _notebooks() | {
            name: (ROOT / name).read_bytes()
            for name in ("LICENSE", "LICENSE-text", "constraints.txt")
        }
        contents[wheel.name] = wheel.read_bytes()
        contents["README.md"] = _readme(wheel.name, min(_notebooks(), key=_number)).encode()
        made = Path(work) / "made.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(contents):
                entry = zipfile.ZipInfo(f"{NAME}/{name}", EPOCH)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, contents[name])
        made.replace(path)
    return path


def _notebooks():
    """Return the released notebooks, names as in ``release/``."""
    folder = ROOT / "release"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/*.ipynb")
    }


def _number(name):
    return int(re.search(r"\d+", name)[0])


def _readme(wheel, notebook):
    import yaml

    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return README.format(
        title=config["title"], site=config["html"]["baseurl"], wheel=wheel, notebook=notebook
    )


def _wheel(work):
    """Build the package with the data sets in it; return the file."""
    view = ROOT / "_build" / "student-view"
    student_view.make(view)
    tree = work / "tree"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in ("mixcore", "mixgrade"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", project["readme"], *project["license-files"]):
        shutil.copy(ROOT / name, tree)
    shutil.copytree(view / "mixcore" / "_prepared", tree / "mixcore" / "_prepared")
    # What the file system adds to a file must not show in the wheel.
    for path in tree.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    result = subprocess.run(
        [sys.executable, "-c", build, work],
        cwd=tree, env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH_SECONDS},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode:
        sys.exit(f"error: setuptools could not build the package:\n{result.stderr}")
    return next(work.glob("*.whl"))


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", metavar="FILE", nargs="?", default=ZIP)
    print(make(parser.parse_args().file))


if __name__ == "__main__":
    main()
