"""The figures of the mutation tests: where they stand, and how they are read."""

import functools
import json
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
RESULTS, EQUIVALENTS = HERE / "results.json", HERE / "equivalents"


def read_results():
    """Return the stored results by function."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def write_results(results):
    """Store the results."""
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@functools.cache
def equivalents():
    """Return {(assignment/function, change): reason}."""
    return {
        (f"{path.stem}/{entry['function']}", entry["change"].strip()): entry["reason"].strip()
        for path in sorted(EQUIVALENTS.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
    }


def split(name, result):
    """Return the survivors of a function that are equivalent, and those that are not."""
    known = equivalents()
    same = [s for s in result["survivors"] if (name, s["change"]) in known]
    return same, [s for s in result["survivors"] if (name, s["change"]) not in known]


def figures(name, result):
    """Return mutants, killed, equivalent, survived and the score of a function."""
    same, survived = split(name, result)
    killed = result["mutants"] - len(same) - len(survived)
    counted = killed + len(survived)
    return {
        "mutants": result["mutants"],
        "killed": killed,
        "equivalent": len(same),
        "survived": len(survived),
        "score": killed / counted if counted else 1.0,
    }


def total(results):
    """Return the figures over all functions."""
    rows = [figures(name, result) for name, result in results.items()]
    sums = {key: sum(row[key] for row in rows) for key in rows[0] if key != "score"}
    return sums | {"score": sums["killed"] / (sums["killed"] + sums["survived"])}


def print_function(name, result):
    """Print the figures of a function and its survivors; return how many are not equivalent."""
    same, survived = split(name, result)
    print(line(name, figures(name, result)), flush=True)
    for survivor in survived:
        print(f"  survived ({survivor['kind']}):")
        print("\n".join("    " + row for row in survivor["change"].splitlines()))
    for survivor in same:
        print(f"  equivalent: {equivalents()[name, survivor['change']]}")
    return len(survived)


def line(name, row):
    """Return the figures of a function as a line of the table."""
    return (
        f"{name:52} {row['mutants']:5} mutants {row['killed']:5} killed {row['survived']:3} "
        f"survived {row['equivalent']:3} equivalent {row['score']:7.1%}"
    )


def summary(results):
    """Return the table of all functions with their total."""
    rows = [line(name, figures(name, result)) for name, result in results.items()]
    return "\n".join(["", *rows, line("all", total(results))])
