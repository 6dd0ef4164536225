"""Collect every message that the bank's wrong answers provoke in one page, to be read.

Usage: ``python scripts/messages.py [--out FILE] [ASSIGNMENT ...]``.
"""

import argparse
import html
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / name) for name in ("source", "tests/course")]

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { border-bottom: 1px solid; margin-top: 3rem } h3 { margin-bottom: 0 }
pre { white-space: pre-wrap; background: #8881; padding: .5rem .75rem; margin: .25rem 0 1rem }
:root { color-scheme: light dark }
"""


def main():
    """Run the bank and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "messages.html")
    options = parser.parse_args()
    import bank
    import build
    import sample_class
    import variants

    assignments = options.assignments or list(build.masters())
    lines = [f"<!doctype html><meta charset=utf-8><title>Messages</title><style>{STYLE}</style>"]
    lines.append("<h1>What the checks say to the wrong answers of the bank</h1>")
    for assignment in assignments:
        paths = sorted((sample_class.ANSWERS / assignment).glob("*.py"))
        kinds = [
            (assignment, function, kind)
            for function in sample_class.model_solutions(assignment)[1]
            for kind in variants.WRONG_KINDS
        ]
        verdicts = bank.run_all(paths) | bank.run_all(kinds, run=variants.run_wrong_kind)
        lines.append(f"<h2>{assignment}</h2>")
        for task, found in verdicts.items():
            if isinstance(task, Path):
                text = task.read_text(encoding="utf-8")
                title, about = task.stem, text.split('"""')[1].split("\n\nFails:")[0]
            else:
                title, about = f"{task[1]} returns: {task[2]}", ""
            failed = {check: message for check, message in found.items() if message is not None}
            if failed:
                lines.append(f"<h3>{html.escape(title)}</h3><p>{html.escape(about)}</p>")
            for check, message in failed.items():
                lines.append(f"<b>{check}</b><pre>{html.escape(message)}</pre>")
        print(f"{assignment}: {len(verdicts)} answers")
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text("\n".join(lines), encoding="utf-8")
    print(f"messages: {options.out}")


if __name__ == "__main__":
    main()
