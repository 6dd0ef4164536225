"""How long `import mixcore` takes in a fresh interpreter."""

import statistics

from benchmarks.measure import Case, Measured, fresh

CLOCK = """
import sys, time
start = time.perf_counter()
exec(sys.argv[1])
print(time.perf_counter() - start)
"""


def imports(quick):
    """Import time, with NumPy and SciPy not yet loaded."""

    def run():
        statements = {
            "ours": "import mixcore",
            "peer": "import sklearn.mixture",
            "fit": "from mixcore import fit_gaussian_mixture",
        }
        seconds = {name: [] for name in statements}
        for statement in statements.values():
            fresh(CLOCK, statement)  # compiles modules and warms the disk cache
        for _ in range(2 if quick else 7):
            for name, statement in statements.items():
                seconds[name].append(float(fresh(CLOCK, statement)))
        return Measured(
            seconds["ours"],
            seconds["peer"],
            "a fresh interpreter each time, modules compiled before",
            {"with_fit_seconds": statistics.median(seconds["fit"])},
        )

    yield Case("import", "import, fresh interpreter", "sklearn.mixture", ("ours", "<=", 0.3), run)
