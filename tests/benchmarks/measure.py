"""Timing two contestants in turn, and what every case has in common.

A contestant is a function without arguments that returns ``(seconds, result)``.  Both run in the
same process, in turn, so that whatever else the machine does hits both.

Threads: every contestant may use all cores.  But more threads are not always faster: small arrays
wait for them.  So each contestant first tries the settings of :data:`SETTINGS` and is then timed
with the one that was fastest for it.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np


class Disagreement(Exception):
    """The two contestants did not compute the same thing."""


@dataclass(frozen=True)
class Case:
    """One row of the table.

    ``run()`` returns a :class:`Measured`.  ``aim`` is a pair such as ``("ratio", ">=", 7)`` or
    ``("ours", "<=", 150)``.  ``better`` says whether low or high values are good; a ratio above 1
    means that mixcore is better, except where ``ratio_of`` is ``"ours / peer"``.
    """

    id: str
    title: str
    peer: str | None
    aim: tuple
    run: Callable
    unit: str = "s"
    better: str = "low"
    ratio_of: str = "peer / ours"

    def record(self, measured):
        """Return the row as plain data for the results file."""
        ours = statistics.median(measured.ours)
        peer = statistics.median(measured.peer) if measured.peer else None
        ratio = None
        if peer is not None:
            ours_first = self.ratio_of == "ours / peer" or self.better == "high"
            ratio = ours / peer if ours_first else peer / ours
        what, relation, bound = self.aim
        value = ratio if what == "ratio" else ours
        return {
            "id": self.id,
            "title": self.title,
            "unit": self.unit,
            "peer": self.peer,
            "ours_median": ours,
            "peer_median": peer,
            "ratio": ratio,
            "ratio_of": self.ratio_of if self.better == "low" else "ours / peer",
            "aim": {"of": what, "relation": relation, "value": bound},
            "met": bool(value >= bound if relation == ">=" else value <= bound),
            "check": measured.check,
            "ours_range": [min(measured.ours), max(measured.ours)],
            "peer_range": [min(measured.peer), max(measured.peer)] if measured.peer else None,
            "rounds": len(measured.ours),
            **measured.details,
        }


@dataclass(frozen=True)
class Measured:
    """Values of each round, the sentence that says what was checked, and further facts."""

    ours: list
    peer: list | None
    check: str
    details: dict = field(default_factory=dict)


def timed(run):
    """Return the seconds that ``run()`` takes, and its result."""
    start = perf_counter()
    result = run()
    return perf_counter() - start, result


def cores():
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def threads(setting):
    """Return a context with one of the settings of :data:`SETTINGS`."""
    from threadpoolctl import ThreadpoolController

    limits, user_api = SETTINGS[setting]
    return ThreadpoolController().limit(limits=limits, user_api=user_api)


SETTINGS = {
    "one thread": (1, None),
    "one BLAS thread": (1, "blas"),
    "all cores": (None, None),
}


def under(setting, contestant):
    """Run a contestant with a setting of threads."""
    with threads(setting):
        return contestant()


def compare(ours, peer, check, rounds=5, settings=tuple(SETTINGS)):
    """Time two contestants in turn and check each pair of results.

    ``check(our_result, peer_result)`` raises :class:`Disagreement` or returns a sentence.
    """
    contestants = {"ours": ours, "peer": peer}
    chosen, trial = {}, {}
    for name, contestant in contestants.items():
        under("one BLAS thread", contestant)  # loads code, compiles, fills caches
        trial[name] = {setting: under(setting, contestant)[0] for setting in settings}
        chosen[name] = min(trial[name], key=trial[name].get)
    seconds = {"ours": [], "peer": []}
    for turn in range(rounds):
        results = {}
        for name in sorted(contestants, reverse=bool(turn % 2)):  # who goes first alternates
            spent, results[name] = under(chosen[name], contestants[name])
            seconds[name].append(spent)
        sentence = check(results["ours"], results["peer"])
    return Measured(
        seconds["ours"],
        seconds["peer"],
        sentence,
        {"threads": chosen, "trial_seconds": trial},
    )


def per_iteration(fit, seconds=0.15):
    """Return a contestant that gives the seconds of one iteration.

    ``fit(m)`` fits with m iterations and returns ``(result, iterations really done)``.  The time
    is what further iterations add to a fit with two, so that neither start nor end counts.  There
    are so many that they take ``seconds``, and half the time of the short fit, or more.  The result
    is that of the short fit.
    """

    def contestant():
        short_time, (result, short_done) = timed(lambda: fit(2))
        wanted, further = max(seconds, short_time / 2), 4
        while True:
            long_time, (_, long_done) = timed(lambda m=2 + further: fit(m))
            added = long_time - short_time
            if added >= wanted or further == 400:
                return added / (long_done - short_done), result
            growth = np.clip(1.3 * wanted / max(added, 1e-9), 2, 20)
            further = min(400, int(further * growth))

    return contestant


def largest_difference(ours, peer):
    """Return the largest difference of two lists of arrays, relative where values exceed 1."""
    return max(
        float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b))))
        for a, b in zip(ours, peer, strict=True)
    )


def require(condition, message):
    """Raise :class:`Disagreement` unless the condition holds."""
    if not condition:
        raise Disagreement(message)


def fresh(code, *arguments, **environment):
    """Run Python code in a fresh interpreter and return what it prints."""
    result = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    if result.returncode:
        raise RuntimeError(f"a fresh interpreter failed:\n{result.stderr}")
    return result.stdout
