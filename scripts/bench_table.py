"""Write the README's table of benchmarks from tests/benchmarks/results.json.

Usage: ``python scripts/bench_table.py``; ``make bench`` does it after a run.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "tests" / "benchmarks" / "results.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def quantity(value, unit):
    """Return a value with three digits and a unit of fitting size."""
    if value is None:
        return "–"
    scales = {
        "s": [(1, "s"), (1e-3, "ms"), (1e-6, "µs")],
        "MB": [(1, "MB")],
        "chain-steps/s": [(1e6, "M chain-steps/s"), (1e3, "k chain-steps/s")],
    }[unit]
    scale, name = next((pair for pair in scales if abs(value) >= pair[0]), scales[-1])
    value = value / scale
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {name}"


def aim(row):
    """Return the aim in short."""
    relation = {">=": "≥", "<=": "≤"}[row["aim"]["relation"]]
    unit = f" {row['unit']}" if row["aim"]["of"] == "ours" else ""
    return f"{relation} {row['aim']['value']:g}{unit}"


def cells(row):
    """Return a row of the table."""
    return [
        row["title"],
        quantity(row["ours_median"], row["unit"]),
        quantity(row["peer_median"], row["unit"]),
        row["peer"] or "–",
        "–" if row["ratio"] is None else f"{row['ratio']:.2f}",
        aim(row),
        "yes" if row["met"] else "no",
    ]


HEADERS = ["case", "mixcore", "peer", "which peer", "ratio", "aim", "met"]


def in_words(row):
    """Return what a case found, for the progress of a run."""
    _, ours, peer, _, ratio, aim, met = cells(row)
    return f"{ours}, peer {peer}, ratio {ratio}, aim {aim}: {met}"


def markdown(results):
    """Return the table with the sentence that says where it comes from."""
    machine, versions = results["machine"], results["versions"]
    warning = ["**Tiny sizes, to try the code: these figures mean nothing.**", ""]
    lines = [
        *(warning if results["quick"] else []),
        "| " + " | ".join(HEADERS) + " |",
        "|" + "|".join(["---"] + ["---:"] * 2 + ["---"] + ["---:"] * 2 + ["---"]) + "|",
        *("| " + " | ".join(cells(row)) + " |" for row in results["cases"]),
        "",
        f"Measured on {results['date']}: {machine['processor']}, {machine['cores']} cores, "
        f"Python {versions['python']}, NumPy {versions['numpy']}, "
        f"scikit-learn {versions['scikit-learn']}, BlackJAX {versions['blackjax']}.",
    ]
    return "\n".join(lines)


def with_block(text, results):
    """Return the README's text with its block made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{markdown(results)}\n{END}{after}"


def update_readme():
    """Write the block."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    README.write_text(with_block(text, results), encoding="utf-8")


if __name__ == "__main__":
    update_readme()
    print(f"wrote the table of {README}")
