"""Grade the same submissions with stock nbgrader and with mixgrade, one after the other.

Usage: ``python -m benchmarks.grading [--quick]``; ``make bench`` does it.  Both commands start from
the same folder of submissions and an empty gradebook; both must come to the same scores.
"""

import argparse
import datetime
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

import sample_class
from benchmarks.__main__ import say, surroundings
from release import ROOT, environment, release

ASSIGNMENT = "ps5-em"
SUBMISSIONS = 48
WORKERS = 2
RESULTS = ROOT / "tests" / "benchmarks" / "grading.json"
# What nbgrader does where nobody configures anything. It stands in a folder of its own, which is
# the course's root, too: whatever else it is given, nbgrader reads the nbgrader_config.py of both.
STOCK = """
load_subconfig("nbgrader_config.py", path={root!r})
c.CourseDirectory.root = {plain!r}
c.CourseDirectory.source_directory = {source!r}
for name in ("Autograde", "GenerateFeedback"):
    c.pop(name, None)
c.Execute.timeout = 30
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
"""


def make_class(folder, count):
    """Write ``count`` submissions: the students of the sample class, again and again."""
    name, solutions = sample_class.model_solutions(ASSIGNMENT)
    released = nbformat.read(folder / "release" / ASSIGNMENT / f"{name}.ipynb", as_version=4)
    works = [s[ASSIGNMENT] for s in sample_class.roster() if ASSIGNMENT in s]
    for number, work in enumerate(itertools.islice(itertools.cycle(works), count), 1):
        path = folder / "submitted" / f"student-{number:02}" / ASSIGNMENT / f"{name}.ipynb"
        sample_class.write_submission(path, released, solutions, work, ASSIGNMENT)


def scores(classroom):
    """Return {(student, check): score} from a gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}") as book:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(ASSIGNMENT)
            for grade in submission.notebooks[0].grades
        }


def timed(command, classroom, *, folder=ROOT):
    """Run a command in a folder, on a classroom; return its seconds."""
    started = time.perf_counter()
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder, env=environment(classroom), capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    if result.returncode:
        sys.exit(f"error: {' '.join(command)} failed:\n{result.stderr[-3000:]}")
    return seconds


def seconds_of(classroom):
    """Return the seconds that the engine itself took, and those of cells and checks, as lists."""
    paths = (classroom / "mixgrade" / ASSIGNMENT).glob("*.json")
    records = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    engine = [record["engine_seconds"] for record in records]
    return engine, [record["seconds"] - record["engine_seconds"] for record in records]


def compare(count):
    """Return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = (Path(folder) / name for name in ("stock", "mixgrade"))
        first.mkdir()
        release([ASSIGNMENT], classroom=first, into=first / "release")
        make_class(first, count)
        shutil.copytree(first, second)
        plain = Path(folder) / "plain"
        plain.mkdir()
        config = STOCK.format(root=str(ROOT), plain=str(plain), source=str(ROOT / "source"))
        (plain / "nbgrader_config.py").write_text(config, encoding="utf-8")
        say(f"{count} submissions of {ASSIGNMENT}: mixgrade, {WORKERS} workers ... ", end="")
        ours = timed(["mixgrade", "grade", ASSIGNMENT, f"--workers={WORKERS}"], second)
        say(f"{ours:.1f} s; stock nbgrader ... ", end="")
        peer = timed(["nbgrader", "autograde", ASSIGNMENT], first, folder=plain)
        say(f"{peer:.1f} s")
        if (first / "mixgrade").exists():
            sys.exit("error: stock nbgrader was not stock: it graded with mixgrade's engine")
        found, expected = scores(second), scores(first)
        if found != expected:
            wrong = sorted(key for key in expected if expected[key] != found.get(key))
            sys.exit(f"error: the scores differ for {wrong[:5]}")
        engine, cells = seconds_of(second)
    return {
        "submissions": count,
        "assignment": ASSIGNMENT,
        "workers": WORKERS,
        "ours_seconds": ours,
        "peer_seconds": peer,
        "ratio": peer / ours,
        "engine_seconds_median": statistics.median(engine),
        "engine_seconds_largest": max(engine),
        "cells_seconds_sum": sum(cells),
        "cells_seconds_median": statistics.median(cells),
        "cells_seconds_largest": max(cells),
    }


def main():
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few submissions, nothing saved")
    quick = parser.parse_args().quick
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    figures = compare(5 if quick else SUBMISSIONS)
    say(
        f"{figures['ratio']:.1f} times the throughput of stock nbgrader (aim 6); engine "
        f"{figures['engine_seconds_median']:.2f} s a submission (aim 0.5); cells and checks alone "
        f"{figures['cells_seconds_sum']:.1f} s, a submission {figures['cells_seconds_median']:.2f} "
        f"s, the longest {figures['cells_seconds_largest']:.1f} s"
    )
    if not quick:
        where = surroundings()
        document = {
            "date": datetime.date.today().isoformat(),
            "machine": where["machine"],
            **figures,
        }
        RESULTS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
