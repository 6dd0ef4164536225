"""Mutation testing of the checks: ``make mutation``, or ``make mutation ONLY="ps5-em"``.

Prints for every function the numbers of mutants, killed, survived and equivalent, and what every
survivor changed.  ``ONLY`` takes assignments and functions, as ``ps5-em`` or ``ps5-em/m_step``; the
other figures of ``results.json`` stay as they are.
"""

import argparse
import sys
import time

from mutation import judge, report, subjects
from mutation.operators import mutants


def chosen(only):
    """Return {assignment/function: source} of the functions that are asked for."""
    every = subjects.functions()
    known = {*every, *(name.split("/")[0] for name in every)}
    for name in only:
        if name not in known:
            sys.exit(f"error: {name!r} is no assignment or function; known are {sorted(known)}")
    return {
        name: source
        for name, source in every.items()
        if not only or name in only or name.split("/")[0] in only
    }


def main():
    """Run the mutants and report."""
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="ASSIGNMENT[/FUNCTION]")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--dry-run", action="store_true", help="print figures, store nothing")
    options = parser.parse_args()
    results, functions = report.read_results(), chosen(options.only)
    unlisted = 0
    for name, source in functions.items():
        assignment, function = name.split("/")
        started, made = time.monotonic(), mutants(source)
        survivors = []
        sources = [source, *(mutant.source for mutant in made)]
        tasks = [(assignment, function, text) for text in sources]
        found = judge.verdicts(tasks, options.workers)
        if next(found) is not None:
            sys.exit(f"error: the model solution of {name} fails its own checks")
        for done, (mutant, check) in enumerate(zip(made, found, strict=True), start=1):
            if check is None:
                survivors.append({"kind": mutant.kind, "change": mutant.change})
            if sys.stderr.isatty():
                print(f"\r{name}: {done}/{len(made)}", end="", file=sys.stderr, flush=True)
        print(f"\r{name}: {len(made)} in {time.monotonic() - started:.0f} s", file=sys.stderr)
        results[name] = {
            "mutants": len(made),
            "survivors": survivors,
            "fingerprint": subjects.fingerprint(assignment, function),
        }
        unlisted += report.print_function(name, results[name])
        if not options.dry_run:
            report.write_results(
                {key: results[key] for key in subjects.functions() if key in results}
            )
    print(report.summary({name: results[name] for name in functions}))
    sys.exit(1 if unlisted else 0)


if __name__ == "__main__":
    main()
