"""Make the students' notebooks: masters to source notebooks to ``nbgrader generate_assignment``.

Usage: ``python scripts/release.py [--classroom DIR] [--into DIR] [ASSIGNMENT ...]``.  The gradebook
of the classroom learns of the assignments on the way, hidden checks included.  What a submission
sees of the project when it is graded is put into ``_build/student-view``.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "source"))

import build  # noqa: E402 - found through the line above
import student_view  # noqa: E402 - beside this file


def environment(classroom, into="release"):
    """Return the environment in which nbgrader works on a classroom."""
    return os.environ | {
        "COURSE_CLASSROOM": str(classroom),
        "COURSE_RELEASE": str(into),
        # nbgrader calls alembic by name, which lies beside this Python.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def release(assignments, *, classroom="classroom", into="release"):
    """Release assignments; stop with nbgrader's own words if it refuses."""
    before = {
        path: (path.read_bytes(), path.stat())
        for path in (ROOT / into).glob("*/*")
        if path.is_file()
    }
    student_view.make(student_view.VIEW)
    for assignment in assignments:
        build.build(assignment)
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
        result = subprocess.run(
            [*command, "--force", "--create"],
            cwd=ROOT, env=environment(classroom, into), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode:
            sys.exit(f"error: nbgrader could not release {assignment}:\n{result.stderr}")
        print(f"released {Path(into) / assignment}", flush=True)
    # A notebook that came out the same keeps its time, so that make builds no page again for it.
    for path, (content, stat) in before.items():
        if path.exists() and path.read_bytes() == content:
            os.utime(path, (stat.st_atime, stat.st_mtime))


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--classroom", default="classroom")
    parser.add_argument("--into", default="release")
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    arguments = parser.parse_args()
    release(
        arguments.assignments or build.masters(),
        classroom=arguments.classroom,
        into=arguments.into,
    )


if __name__ == "__main__":
    main()
