"""The report on a graded class: one HTML page that needs no host and no script.

Everything is computed here from the records of the class; ``report.html`` only lays it out, and
escapes every text on the way.
"""

import math
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["write_report"]

# A number that stands alone, with the full stop it may end on ("came 4." and "came 4.5." are
# alike).  Digits inside a name belong to the name: float32 and float64 are different messages.
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?(?!\w)\.?")
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Control characters, half surrogates, and marks that turn the direction of the text around them.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
LONGEST = 10_000  # characters of one text: a class of endless messages must still open in a browser
MESSAGES = 20
SLOWEST = 10
INCIDENTS = {
    "denied": "Denied by the sandbox",
    "died": "Kernel died",
    "memory": "Memory limit",
    "timeout": "Time limit",
    "output": "Output cut",
    "cell": "Errors in student cells",
}


def write_report(records, path, *, assignment):
    """Write the report on an assignment as one self-contained HTML page.

    The same records give the same bytes, in whatever order they come.

    Parameters
    ----------
    records : iterable of dict
        The records of the graded submissions, one a student.
    path : str or pathlib.Path
        Where the page goes; its folder is made if need be.
    assignment : str
        Name of the assignment, for the headline and the commands that the page names.

    Raises
    ------
    ValueError
        If there is no record.
    """
    records = sorted(records, key=lambda record: record["student"])
    if not records:
        raise ValueError(
            f"no graded submission of {assignment}: run `mixgrade grade {assignment}` first"
        )
    readable = [record for record in records if not _needs_a_human(record)]
    newest = max(records, key=_graded_at)
    groups = _groups(readable)
    checks = [check for group in groups for check in group["checks"]]
    page = {
        "assignment": assignment,
        "total": len(records),
        "readable": len(readable),
        "unreadable": [
            {
                "student": record["student"],
                "reasons": record["findings"] or sorted({c["message"] for c in record["checks"]}),
            }
            for record in records
            if _needs_a_human(record)
        ],
        "max_score": newest["max_score"],
        "scores": _scores(readable),
        "groups": groups,
        "hardest": min(checks, key=lambda check: check["passed"] / check["of"], default=None),
        "other_checks": sum(_version(record) != _version(newest) for record in records),
        "messages": _messages(readable),
        "most_messages": MESSAGES,
        "slowest": sorted(records, key=lambda r: (-r["seconds"], r["student"]))[:SLOWEST],
        "seconds": median(record["seconds"] for record in records),
        "engine_seconds": median(record["engine_seconds"] for record in records),
        "incidents": _incidents(records),
        "noticed": sum(i["kind"] != "cell" for record in records for i in record["incidents"]),
        "findings": _findings(readable),
        "limits_only": sum("limits only" in record["isolation"] for record in records),
        "isolations": _counts(record["isolation"] for record in records),
        "versions": [
            (name, _counts(record["versions"].get(name, "unknown") for record in records))
            for name in sorted({name for record in records for name in record["versions"]})
        ],
        "first": _time(min(map(_graded_at, records))),
        "last": _time(_graded_at(newest)),
    }
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _environment().get_template("report.html").render(page)
    path.write_text(text, encoding="utf-8", newline="\n")


def _environment():
    """Return a template environment that cleans and escapes whatever is printed."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "percent": _percent}
    return environment


def _plain(value):
    """Return a text as it can be shown; anything else as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = UNPRINTABLE.sub("\ufffd", COLOURS.sub("", value.replace("\r\n", "\n")))
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} … and {len(text) - LONGEST} more characters, see the record"
    return text


def _number(value):
    return f"{round(value, 2):g}"


def _percent(share):
    """Return whole percent; 0 means nobody and 100 means everybody."""
    return round(100 * share) if share in (0, 1) else min(max(round(100 * share), 1), 99)


def _needs_a_human(record):
    """Whether no usable notebook was found: then the engine ran not one check of it."""
    return {check["kind"] for check in record["checks"]} == {"not run"}


def _graded_at(record):
    time = datetime.fromisoformat(record["graded_at"])
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _time(time):
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _version(record):
    """Return what tells the checks of one version of the notebook from those of another."""
    return [(check["grade_id"], check["title"], check["points"]) for check in record["checks"]]


def _counts(values):
    """Return pairs of value and count, the commonest first."""
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


def _step(span, most):
    """Return the smallest 1, 2 or 5 times a power of ten that cuts a span into few steps."""
    return next(
        digit * 10.0**power
        for power in range(-2, 12)
        for digit in (1, 2, 5)
        if span <= most * digit * 10.0**power
    )


def _scores(records):
    """Return the histogram of total scores: positions across in percent, heights as shares."""
    if not records:
        return None
    scores = [record["score"] for record in records]
    top = max(scores + [record["max_score"] for record in records])
    if top <= 40 and all(float(score).is_integer() for score in scores):
        # One bar a score, centred on it.
        width, low, high = 1, -0.5, math.floor(top) + 0.5
    else:
        width = _step(top, 25)
        low, high = 0.0, width * math.ceil(top / width)
    number = round((high - low) / width)  # of bars
    # The small term keeps a score that lies on an edge, such as 0.3, out of the bar below.
    places = Counter(min(int((score - low) / width + 1e-9), number - 1) for score in scores)

    def across(value):
        return 100 * (value - low) / (high - low)

    def label(place):
        start = low + width * place
        between = f"{_number(start)} to {_number(start + width)}"
        return f"{place if low < 0 else between} points"

    tick, rise = _step(top or 1, 8), max(1, int(_step(max(places.values()), 4)))
    ceiling = rise * math.ceil(max(places.values()) / rise)
    lines = sorted([(fmean(scores), "mean"), (median(scores), "median")])
    # Labels run towards the middle of the picture.  The line nearer to the edge carries the upper
    # label, so that no line runs through the other's label.
    anchor = "end" if across(fmean(value for value, _ in lines)) > 50 else "start"
    if anchor == "end":
        lines.reverse()
    return {
        "mean": fmean(scores),
        "median": median(scores),
        "full": sum(record["score"] >= record["max_score"] for record in records),
        "bars": [(place, count, label(place)) for place, count in sorted(places.items())],
        "width": 100 / number,
        "ceiling": ceiling,
        "ticks": [(k * tick, across(k * tick)) for k in range(int(top / tick + 1e-9) + 1)],
        "rises": range(0, ceiling + 1, rise),
        "lines": [{"name": name, "value": v, "x": across(v)} for v, name in lines],
        "anchor": anchor,
    }


def _groups(records):
    """Return the checks in notebook order, by function, with how many passed.

    The newest record that has a check says its title and points.  A check that only older records
    have comes after the one it followed there.
    """
    order, newest = [], {}
    passed, of, stopped = Counter(), Counter(), defaultdict(Counter)
    for record in sorted(records, key=_graded_at, reverse=True):
        place = 0
        for check in record["checks"]:
            if check["grade_id"] not in newest:
                order.insert(place, check["grade_id"])
                newest[check["grade_id"]] = check
            place = order.index(check["grade_id"]) + 1
        for check in record["checks"]:
            name, kind = check["grade_id"], check["kind"]
            of[name] += 1
            passed[name] += kind == "passed"
            if kind not in ("passed", "failed"):
                stopped[name][kind] += 1
    groups = defaultdict(list)
    for name in order:
        counts = {"passed": passed[name], "of": of[name], "stopped": sorted(stopped[name].items())}
        groups[newest[name]["function"]].append(newest[name] | counts)
    return [{"function": function, "checks": checks} for function, checks in groups.items()]


def _alike(text):
    """Return what texts have in common that differ only in numbers: # for each, single spaces."""
    return " ".join(NUMBER.sub("#", text).split())


def _messages(records):
    """Return what checks said when they failed, messages that differ only in numbers as one.

    The example is the commonest wording.
    """
    groups = defaultdict(lambda: {"students": set(), "wordings": Counter(), "checks": Counter()})
    for record in records:
        for check in record["checks"]:
            if check["kind"] != "passed":
                group = groups[_alike(_plain(check["message"]))]
                group["students"].add(record["student"])
                group["wordings"][check["message"]] += 1
                group["checks"][check["function"], check["title"]] += 1
    found = [
        {
            "students": len(group["students"]),
            "count": group["wordings"].total(),
            "example": min(group["wordings"].items(), key=lambda pair: (-pair[1], pair[0]))[0],
            "wordings": len(group["wordings"]),
            "checks": [name for name, _ in _counts(group["checks"].elements())],
        }
        for group in groups.values()
    ]
    return sorted(found, key=lambda m: (-m["students"], -m["count"], m["example"]))


def _incidents(records):
    """Return the incidents by kind, the gravest kind first."""
    rows = defaultdict(list)
    for record in records:
        for incident in record["incidents"]:
            rows[incident["kind"]].append({"student": record["student"], **incident})
    kinds = [kind for kind in INCIDENTS if kind in rows] + sorted(rows.keys() - INCIDENTS.keys())
    return [{"kind": k, "title": INCIDENTS.get(k, k.capitalize()), "rows": rows[k]} for k in kinds]


def _findings(records):
    """Return what was found in reading, findings that differ only in numbers as one."""
    groups = defaultdict(lambda: {"students": [], "example": ""})
    for record in records:
        for finding in record["findings"]:
            group = groups[_alike(_plain(finding))]
            group["example"] = group["example"] or finding
            if record["student"] not in group["students"][-1:]:
                group["students"].append(record["student"])
    return sorted(groups.values(), key=lambda g: (-len(g["students"]), g["example"]))
