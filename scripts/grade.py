"""Grade a class: scores with mixgrade, feedback pages with nbgrader, CSV, and tables of scores.

Usage: ``python scripts/grade.py --classroom DIR [--workers N] [ASSIGNMENT ...]``.  Submissions are
read from ``DIR/submitted/<student>/<assignment>/``.  What is graded already is left alone.
"""

import argparse
import os
import subprocess
import sys
import warnings
from pathlib import Path

import student_view
from release import ROOT, environment


def submissions(classroom, assignments):
    """Return (assignment, student) of each submission, in order."""
    found = sorted(
        (path.name, path.parent.name)
        for path in (classroom / "submitted").glob("*/*")
        if path.is_dir() and not path.name.startswith(".")
    )
    unknown = set(assignments) - {assignment for assignment, _ in found}
    if unknown:
        sys.exit(
            f"error: nobody handed in {', '.join(sorted(unknown))} in {classroom / 'submitted'}; "
            "put notebooks at submitted/<student>/<assignment>/"
        )
    return [pair for pair in found if not assignments or pair[0] in assignments]


def mixgrade(*arguments):
    """Run a command of mixgrade, and stop where it stops."""
    result = subprocess.run([sys.executable, "-m", "mixgrade", *map(str, arguments)], check=False)
    if result.returncode:
        sys.exit(result.returncode)


def write_feedback(api, pairs):
    """Write the feedback pages; return the reasons of those that could not be written."""
    failures = {}
    for number, (assignment, student) in enumerate(pairs, 1):
        result = api.generate_feedback(assignment, student)
        if not result["success"]:
            failures[assignment, student] = first_error(result)
        note = failures.get((assignment, student), "")
        print(
            f"[{number}/{len(pairs)}] feedback {assignment} {student} {note}".rstrip(), flush=True
        )
    return failures


def first_error(result):
    """Return the first error that nbgrader logged, without its prefix."""
    lines = [line for line in result.get("log", "").splitlines() if "ERROR" in line]
    return lines[0].split("] ", 1)[-1] if lines else "nbgrader gave no reason"


def owner(check, functions):
    """Return the function that a check belongs to: the longest name that fits.

    ``test_fit_em_rises`` belongs to ``fit_em``, not to ``fit``.
    """
    return max((name for name in functions if check.startswith(f"test_{name}")), key=len)


def functions_of(notebook):
    """Return {function: names of its checks} of a notebook in the gradebook, in its order."""
    solutions = [cell.name for cell in notebook.solution_cells]
    checks = {}
    for cell in notebook.grade_cells:
        if cell.cell_type == "code":
            checks.setdefault(owner(cell.name, solutions), []).append(cell.name)
    return checks


def scores_by_function(gradebook, assignment, student):
    """Return {function: (score, largest score)} and the same for questions graded by hand."""
    notebook = gradebook.find_assignment(assignment).notebooks[0]
    cells = {cell.name: cell for cell in notebook.grade_cells}
    earned = {}
    for submitted in gradebook.assignment_submissions(assignment):
        if submitted.student.id == student:
            earned = {g.name: g.score for g in submitted.notebooks[0].grades}
    scores = {
        function: (
            sum(earned.get(name) or 0 for name in names),
            sum(cells[name].max_score for name in names),
        )
        for function, names in functions_of(notebook).items()
    }
    written = sum(c.max_score for c in cells.values() if c.cell_type == "markdown")
    return scores, written


def print_table(gradebook, assignment, students, failures):
    """Print one line a student, one column a function."""
    rows = {s: scores_by_function(gradebook, assignment, s) for s in students}
    scores, written = next(iter(rows.values()))
    print(f"\n{assignment}: points by function (and {written:g} points graded by hand)")
    headers = ["student", *scores, "checks"]
    table = []
    for student, (points, _) in rows.items():
        total = [sum(column) for column in zip(*points.values(), strict=True)]
        cells = [f"{s:g}/{most:g}" for s, most in [*points.values(), total]]
        table.append([student, *cells, failures.get((assignment, student), "")])
    widths = [max(len(r[i]) for r in [headers, *table]) for i in range(len(headers))]
    for row in [headers, *table]:
        cells = [row[0].ljust(widths[0])]
        cells += [c.rjust(w) for c, w in zip(row[1 : len(headers)], widths[1:], strict=True)]
        print("  ".join([*cells, *row[len(headers) :]]).rstrip())


def main():
    """Read the command line and grade."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--classroom", default="classroom")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    arguments = parser.parse_args()
    classroom = Path(arguments.classroom).resolve()
    pairs = submissions(classroom, arguments.assignments)
    if not pairs:
        sys.exit(f"error: there is nothing in {classroom / 'submitted'}")

    os.environ.update(environment(classroom))
    os.chdir(ROOT)
    student_view.make(student_view.VIEW)
    assignments = list(dict.fromkeys(assignment for assignment, _ in pairs))
    # Without a name it takes all: the workers start once.
    for assignment in arguments.assignments or [""]:
        mixgrade("grade", *filter(None, [assignment]), f"--workers={arguments.workers}")
    # nbgrader is imported here: it takes two seconds, and a wrong call should not wait for it.
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from sqlalchemy.exc import SAWarning
    from traitlets.config.loader import PyFileConfigLoader

    # nbgrader's own use of its database draws warnings that nobody here can act on.
    warnings.simplefilter("ignore", SAWarning)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    failures = write_feedback(NbGraderAPI(config=config), pairs)
    grades = classroom / "grades.csv"
    mixgrade("export", f"--output={grades}")
    mixgrade("report", *assignments)
    with Gradebook(config.CourseDirectory.db_url) as gradebook:
        for assignment in assignments:
            students = [s for a, s in pairs if a == assignment]
            print_table(gradebook, assignment, students, failures)
    print(f"\nfeedback: {classroom / 'feedback'}/<student>/<assignment>/")
    print(f"reports:  {classroom / 'mixgrade'}/<assignment>.html")
    print(f"grades:   {grades}")


if __name__ == "__main__":
    main()
