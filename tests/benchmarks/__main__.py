"""Run the benchmarks: ``make bench``, or ``make bench CASES="em kmeans"``."""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import re
import sys
import traceback
from pathlib import Path

import bench_table
from benchmarks.bernoulli import bernoulli
from benchmarks.clusters import kmeans
from benchmarks.gaussian import em, fit, memory
from benchmarks.growth import GROWTH, grow
from benchmarks.measure import Disagreement, cores
from benchmarks.noise_contrastive import nce
from benchmarks.sampling import mala
from benchmarks.starting import imports

GROUPS = {
    group.__name__: group for group in (em, fit, kmeans, mala, bernoulli, nce, memory, imports)
}
NAMES = [*GROUPS, "growth"]
PACKAGES = ("numpy", "scipy", "scikit-learn", "blackjax", "jax", "jaxlib", "threadpoolctl")


def say(text, end="\n"):
    """Show progress."""
    print(text, end=end, file=sys.stderr, flush=True)


def processor():
    """Return the model of the processor."""
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or platform.machine()


def memory_size():
    """Return the machine's memory in GB."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def surroundings():
    """Return what the figures depend on beside the code."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = None
    machine = {
        "processor": processor(),
        "cores": cores(),
        "memory_gb": memory_size(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    return {"machine": machine, "versions": versions}


def attempt(title, run, report):
    """Run one case with progress; a failure is shown and leaves the others to run."""
    say(f"{title} ... ", end="")
    try:
        found = run()
    except Exception as error:
        say(f"FAILED: {error}")
        if not isinstance(error, Disagreement):
            traceback.print_exc()
        return None
    say(report(found))
    return found


def run_all(names, quick):
    """Run the named groups; return the rows, the growth data and how many cases failed."""
    rows, growth = [], {}
    for name in names:
        for case in GROUPS[name](quick) if name in GROUPS else ():
            rows.append(
                attempt(
                    case.title,
                    lambda case=case, name=name: {"group": name, **case.record(case.run())},
                    bench_table.in_words,
                )
            )
    for axis in GROWTH if "growth" in names else ():
        growth[axis] = attempt(
            f"growth with {axis}",
            lambda axis=axis: grow(axis, quick),
            lambda found: f"slope {found['ours_slope']:.2f}",
        )
    failures = sum(found is None for found in [*rows, *growth.values()])
    return [row for row in rows if row is not None], growth, failures


def merged(old, new, names):
    """Put the groups that were run into the old results, in the usual order."""
    rows = [row for row in old["cases"] if row["group"] not in names] + new["cases"]
    rows.sort(key=lambda row: NAMES.index(row["group"]))
    growth = new["growth"] if "growth" in names else old["growth"]
    return {**new, "cases": rows, "growth": growth}


def save(results, names, path):
    """Write the results; a selection only replaces figures of the same machine and versions."""
    if set(names) != set(NAMES):
        old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        if any(old.get(key) != results[key] for key in ("machine", "versions", "quick")):
            say(
                f"{path} not changed: it holds tiny sizes, another machine or versions; "
                "make bench without CASES measures everything"
            )
            return False
        results = merged(old, results, names)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


def main(arguments=None):
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="GROUP", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to try the code")
    parser.add_argument("--output", type=Path, help="where the results go")
    options = parser.parse_args(arguments)
    unknown = set(options.cases) - set(NAMES)
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    names = [name for name in NAMES if name in options.cases] or NAMES
    rows, growth, failures = run_all(names, options.quick)
    results = {
        "date": datetime.date.today().isoformat(),
        "quick": options.quick,
        **surroundings(),
        "cases": rows,
        "growth": growth,
    }
    print(bench_table.markdown(results))
    if failures:
        say(f"{failures} cases failed; nothing was written")
        return 1
    if options.output:
        save(results, NAMES, options.output)
    elif not options.quick and save(results, names, bench_table.RESULTS):
        bench_table.update_readme()
    return 0


if __name__ == "__main__":
    sys.exit(main())
