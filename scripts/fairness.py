"""Run every right answer many times, in different processes, and compare the scores.

Each run is a process of its own, with its own hash seed, and with one or two BLAS threads in turn.
It runs the model solutions of every assignment and every answer of the bank that is called right.
All must have full marks, every time.  It also measures the checks: the processor time of all
checks of an assignment, with the model solutions.

Usage: ``python scripts/fairness.py [--runs 50] [--workers 2] [ASSIGNMENT ...]``
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / name) for name in ("source", "tests/course")]


def one_run(assignments):
    """Return {assignment/answer: [checks that failed]} and {assignment: seconds of its checks}."""
    import bank
    import sample_class

    bank.prepare()
    failed, taken = {}, {}
    for assignment in assignments:
        answers = {"model": sample_class.model_solutions(assignment)[1]}
        for path in sorted((sample_class.ANSWERS / assignment).glob("right_*.py")):
            answers[path.stem] = sample_class.read_answer(path)
        for name, answer in answers.items():
            notebook = sample_class.submission(bank.master(assignment), {}, [answer])
            seconds = {}
            # Two threads burn time as they wait for each other: scores are judged here, not time.
            verdicts = bank.run_apart(bank.affected(notebook, answer), seconds=seconds, limit=60)
            if name == "model":
                taken[assignment] = sum(seconds.values())
            failed[f"{assignment}/{name}"] = [
                f"{check}: {message}" for check, message in verdicts.items() if message is not None
            ]
    return failed, taken


def apart(run, assignments):
    """Do a run in a process of its own; return its number, BLAS threads and what it found."""
    threads = str(1 + run % 2)
    environment = os.environ | {
        "PYTHONHASHSEED": str(run),
        "OPENBLAS_NUM_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_THREAD_TIMEOUT": "4",  # who waits sleeps; on a busy machine it is 20 times faster
    }
    result = subprocess.run(
        [sys.executable, __file__, "--one-run", *assignments],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    if result.returncode:
        sys.exit(f"error: run {run} did not end: {result.stderr[-2000:]}")
    return run, threads, *json.loads(result.stdout.splitlines()[-1])


def main():
    """Run and report."""
    import build

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=list(build.masters()))
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one-run", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_run:
        print(json.dumps(one_run(options.assignments)))
        return
    unfair, answers = 0, 0
    seconds = {name: {"1": [], "2": []} for name in options.assignments}
    with ThreadPoolExecutor(options.workers) as pool:
        runs = pool.map(lambda run: apart(run, options.assignments), range(options.runs))
        for run, threads, failed, taken in runs:
            answers = len(failed)
            for name, value in taken.items():
                seconds[name][threads].append(value)
            for name, checks in failed.items():
                for check in checks:
                    unfair += 1
                    print(f"run {run}, BLAS threads {threads}: {name} fails {check}")
            print(f"{run + 1} of {options.runs} runs done", file=sys.stderr, flush=True)
    print("seconds of processor time of all checks with the model solutions, median and largest:")
    for name, by_threads in seconds.items():
        for threads, values in by_threads.items():
            if values:
                figures = f"{statistics.median(values):6.2f} {max(values):6.2f}"
                print(f"{name:28}{figures}   BLAS threads {threads}")
    print(
        f"{answers} right answers in {options.runs} processes, half of them with 2 BLAS threads: "
        + (f"{unfair} checks failed" if unfair else "full marks every time")
    )
    sys.exit(1 if unfair else 0)


if __name__ == "__main__":
    main()
