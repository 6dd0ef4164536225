"""Put all that a student takes home into one zip: notebooks, their data, the course's package.

Usage: ``python scripts/student_zip.py [FILE]``.  What is in it lies as in this repository, so that
the same commands serve.  The package carries the data sets as plain files: the notebooks need
neither a network nor TensorFlow Datasets, and run on Windows and older Macs too.  The same sources
give the same bytes.
"""

import argparse
import sys
import zipfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "scripts") not in sys.path:
    sys.path.insert(0, str(ROOT / "scripts"))

import student_view  # noqa: E402 - beside this file

NAME = "mixture-course-students"
ZIP = ROOT / "_build" / "take-along" / f"{NAME}.zip"
PATTERNS = (
    "release/*/*.ipynb", "mixcore/**/*.py", "mixcore/**/*.html",
    "mixgrade/*.py", "mixgrade/*.html", "mixgrade/*.j2",
    "LICENSE*", "constraints.txt", "pyproject.toml",
)  # fmt: skip

README = """# Notebooks of the course "{title}"

You need Python 3.11 or newer and, once, a network for the installation.
Open a terminal in this folder, then

1. make an environment and switch to it:
   - Linux, macOS: `python3 -m venv .venv && source .venv/bin/activate`
   - Windows: `py -m venv .venv` and then `.venv\\Scripts\\activate`
2. install: `python -m pip install -c constraints.txt ".[student]"`
3. open a notebook: `jupyter lab release/ps1-sampling/sampling.ipynb`

`mixgrade check release/ps1-sampling/sampling.ipynb` says what the checks of a notebook say.
The data sets are in the package: nothing else is fetched.
With `.[reading]` in the place of `.[student]`, the notebooks of the chapters run too.
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
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    readme = README.format(title=config["title"], site=config["html"]["baseurl"])
    contents = {"README.md": readme.encode()}
    for pattern in PATTERNS:
        for file in ROOT.glob(pattern):
            contents[file.relative_to(ROOT).as_posix()] = file.read_bytes()
    student_view.make(student_view.VIEW)
    for file in student_view.VIEW.glob("mixcore/_prepared/*"):
        contents[file.relative_to(student_view.VIEW).as_posix()] = file.read_bytes()

    made = path.with_suffix(".new")
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(contents):
            # Without a date: the first one that a zip knows.
            entry = zipfile.ZipInfo(f"{NAME}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name], zipfile.ZIP_DEFLATED)
    return made.replace(path)


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", metavar="FILE", nargs="?", default=ZIP)
    print(make(parser.parse_args().file))


if __name__ == "__main__":
    main()
