"""Run the examples of the pages on ``mixgrade`` and keep what they printed.

Usage: ``python scripts/reference_examples.py``.  Three students hand in the assignment on k-means;
the commands run in a course folder of its own, one after the other.  It takes about a minute.
"""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

import sample_class
import student_view
from release import ROOT, environment, release

KEPT = ROOT / "book" / "reference" / "examples"
ASSIGNMENT = "ps3-kmeans"
STUDENTS = {"ada": ["right_einsum"], "bob": ["wrong_median"], "cyd": "untouched"}
# The folder that the examples show in the place of a temporary one.
HOME = "/home/kim/mixture-course"


@dataclass(frozen=True)
class Example:
    """Lines of a terminal: the command that they show, and what a page says about them."""

    name: str
    command: str
    lines: tuple[str, ...]
    about: str


EXAMPLES = (
    Example(
        "grade",
        "grade",
        (f"mixgrade grade {ASSIGNMENT}",),
        "Three students handed in, one of them the notebook as it was given out:",
    ),
    Example(
        "grade-again",
        "grade",
        ("mixgrade grade", "mixgrade grade ps3-kmeans bob --force"),
        "A second run does only what is missing, and `--force` grades anew:",
    ),
    Example(
        "grade-error",
        "grade",
        ("mixgrade grade ps5-kmeans", "echo $?"),
        "A name that is not known, and the exit code:",
    ),
    Example(
        "report",
        "report",
        (f"mixgrade report {ASSIGNMENT}",),
        "It prints where the page is, to be opened in a browser:",
    ),
    Example(
        "export",
        "export",
        ("mixgrade export", "cut -d, -f4,10-14 grades.csv"),
        "The file, of which a few columns are shown:",
    ),
    Example(
        "export-long",
        "export",
        ("mixgrade export --long --output=checks.csv", "cut -d, -f2-5,9 checks.csv | head -n 6"),
        "The long form, to be read by other programs:",
    ),
    Example(
        "check",
        "check",
        ("mixgrade check kmeans.ipynb", "echo $?"),
        "Bob takes the median of each cluster for its centre:",
    ),
    Example(
        "check-json",
        "check",
        ("mixgrade check --json kmeans.ipynb | head -n 15",),
        "The same for other programs:",
    ),
)


def make_course(folder):
    """Make a course folder with the submissions of the students, and bob's notebook in it."""
    for name in ("_build", "source"):
        (folder / name).mkdir()
    (folder / "_build" / "student-view").symlink_to(student_view.VIEW)
    (folder / "source" / ASSIGNMENT).symlink_to(ROOT / "source" / ASSIGNMENT)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    release([ASSIGNMENT], classroom=folder / "classroom", into=folder / "release")
    name, solutions = sample_class.model_solutions(ASSIGNMENT)
    released = nbformat.read(folder / "release" / ASSIGNMENT / f"{name}.ipynb", as_version=4)
    for student, work in STUDENTS.items():
        path = folder / "classroom" / "submitted" / student / ASSIGNMENT / f"{name}.ipynb"
        sample_class.write_submission(path, released, solutions, work, ASSIGNMENT)
        if student == "bob":
            shutil.copy(path, folder)


def run(example, folder):
    """Return what a terminal shows of an example."""
    shown, code = [], 0
    for line in example.lines:
        shown.append(f"$ {line}")
        result = subprocess.run(
            ["bash", "-c", f"(exit {code}); {line}"],
            cwd=folder, env=environment("classroom"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        # Progress, which a terminal shows as a bar, goes where errors go.
        shown += (result.stdout or result.stderr).splitlines()
        code = result.returncode
    return "\n".join(shown).replace(str(folder), HOME) + "\n"


def outputs():
    """Run all examples; return {name: what a terminal shows}."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        make_course(folder)
        return {example.name: run(example, folder) for example in EXAMPLES}


def main():
    """Keep what the examples print."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, text in outputs().items():
        (KEPT / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
