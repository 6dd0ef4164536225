"""The report: what it says, that it escapes, that it is the same twice, how it looks."""

import itertools
import random
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

import mixgrade.report
from mixgrade.report import write_report

CHECKS = [
    ("test_gmm_log_likelihood", "One component and a known sum", "gmm_log_likelihood", 1),
    ("test_gmm_log_likelihood_other_inputs", "Other inputs", "gmm_log_likelihood", 2),
    ("test_gmm_log_likelihood_far_tails", "Points far from every mean", "gmm_log_likelihood", 1),
    ("test_e_step", "Cases worked out by hand", "e_step", 1),
    ("test_e_step_other_inputs", "Other inputs", "e_step", 2),
    ("test_e_step_far_tails", "Points far from every mean", "e_step", 2),
    ("test_m_step", "Whole points", "m_step", 1),
    ("test_m_step_other_inputs", "Shared points", "m_step", 3),
    ("test_m_step_without_loops", "Without loops over the points", "m_step", 2),
    ("test_fit_gaussian_mixture", "Shapes, seeds and the history", "fit_gaussian_mixture", 1),
    ("test_fit_gaussian_mixture_iterations", "One more is one step", "fit_gaussian_mixture", 2),
    ("test_match_components", "Means rolled by one place", "match_components", 1),
    ("test_match_components_other_inputs", "Cycles and ties", "match_components", 3),
]
VERSIONS = {"mixgrade": "0.1.0", "nbgrader": "0.9.6", "python": "3.11.2", "numpy": "2.3.5"}
ISOLATION = "bubblewrap, one fork a submission"
STOPPED = {
    "timeout": "{} was stopped after 30 s. Look for a loop that never ends.",
    "memory": "{} met the memory limit of 2 GiB and was stopped.",
    "died": "The kernel died while {} ran.",
}


def message(function, rng):
    """Return what a check says about a wrong answer, its numbers drawn anew."""
    i, j = rng.randrange(9), rng.randrange(3)
    return rng.choice(
        [
            f"d = 3, k = {j + 1}: expected {rng.gauss(0, 9):.6g} at [{i}, {j}]; "
            f"came {rng.gauss(0, 9):.6g}. Is a transpose missing?",
            f"expected finite numbers; came nan at [{i}, {j}]. Work with logarithms: a density "
            "far from every mean is 0 in floating point.",
            f"{function} raised NotImplementedError : it is not written yet. Replace the line "
            "that raises it by your own code, and run that cell again",
            f"{function} raised IndexError: index {i} is out of bounds for axis 0 with size {j}. "
            "Call it on the inputs of this check in a cell of your own to find the line",
            "the function changed its argument samples; it must leave it as it is. Work on a "
            "copy, or on a new array",
        ]
    )


def check(entry, kind="passed", text=""):
    grade_id, title, function, points = entry
    return {
        "grade_id": grade_id,
        "title": title,
        "function": function,
        "points": points,
        "score": points if kind == "passed" else 0,
        "kind": kind,
        "message": text,
        "seconds": 0.1,
    }


def record(student, checks, *, incidents=(), findings=(), seconds=3.0, engine=0.3, day=1, **other):
    return {
        "version": 1,
        "student": student,
        "assignment": "ps5-em",
        "notebook_name": "em_gmm",
        "key": "0" * 64,
        "graded_at": f"2025-11-{day:02}T10:30:00+00:00",
        "findings": list(findings),
        "checks": checks,
        "incidents": list(incidents),
        "seconds": seconds,
        "engine_seconds": engine,
        "isolation": ISOLATION,
        "versions": VERSIONS,
        "score": sum(c["score"] for c in checks),
        "max_score": sum(c["points"] for c in checks),
    } | other


def random_record(number, rng):
    """Return a record as a class gives it: some able, some lost, a few in trouble."""
    student = f"student{number:04}"
    if rng.random() < 0.02:
        reason = "em_gmm.ipynb is not a notebook: it is not JSON (line 1, column 1)"
        checks = [check(entry, "not run", reason) for entry in CHECKS]
        return record(student, checks, findings=[reason], seconds=0.02, engine=0.02)
    skill, checks, incidents, findings = rng.betavariate(3, 1), [], [], []
    for function, entries in itertools.groupby(CHECKS, key=lambda entry: entry[2]):
        stopped = rng.choice(list(STOPPED)) if rng.random() < 0.02 else None
        if stopped:
            text = STOPPED[stopped].format(function)
            incidents.append({"kind": stopped, "cell": function, "text": text})
        for entry in entries:
            if stopped:
                checks.append(check(entry, stopped, text))
            elif rng.random() < skill:
                checks.append(check(entry))
            else:
                checks.append(check(entry, "failed", message(function, rng)))
    for kind, share, text in [
        ("denied", 0.01, "connect to 10.0.0.1 port 443: the sandbox has no network"),
        ("output", 0.02, "printed 1073741824 bytes; 1000000 are kept"),
        ("cell", 0.3, "NameError: name 'smaples' is not defined"),
    ]:
        if rng.random() < share:
            incidents.append({"kind": kind, "cell": f"cell {rng.randrange(30)}", "text": text})
    if rng.random() < 0.1:
        findings.append(f"cell e_step stands {rng.randrange(2, 4)} times; the last one counts")
    if rng.random() < 0.05:
        findings.append("the file is called em.ipynb, not em_gmm.ipynb; it was taken all the same")
    seconds = rng.lognormvariate(0.8, 0.5)
    return record(
        student,
        checks,
        incidents=incidents,
        findings=findings,
        seconds=seconds,
        engine=rng.uniform(0.2, 0.45),
        day=rng.randrange(1, 4),
    )


def sample(rng, number=250):
    return [random_record(i, rng) for i in range(1, number + 1)]


VOID = {"meta", "link", "br", "wbr"}
INLINE = {"code", "span", "a", "wbr", "html"}


class Page(HTMLParser):
    """The elements of a page: tags with attributes, rows of tables and the text of each section.

    Raises if an end tag does not close the element that is open.
    """

    def __init__(self, path):
        super().__init__()
        self.text = Path(path).read_text(encoding="utf-8")
        self.tags, self.rows, self.open, self.sections = [], {}, [], {}
        self.feed(self.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.setdefault(self.section(), []).append([])
        if tag in ("td", "th"):
            self.rows[self.section()][-1].append("")
        if tag not in INLINE:
            self.handle_data(" ")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in INLINE:
            self.handle_data(" ")
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        names = [tag for tag, _ in self.open]
        section = self.section()
        self.sections[section] = self.sections.get(section, "") + data
        if "td" in names or "th" in names:
            self.rows[section][-1][-1] += data

    def section(self):
        found = [attrs["id"] for tag, attrs in self.open if tag == "section"]
        return found[-1] if found else "top"

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    def words(self, section):
        return " ".join(self.sections[section].split())

    def cells(self, section):
        return [[" ".join(cell.split()) for cell in row] for row in self.rows.get(section, [])]


@pytest.fixture
def page(tmp_path):
    """Return a function that writes the report on records and parses it."""

    def write(records):
        path = tmp_path / "report.html"
        write_report(records, path, assignment="ps5-em")
        return Page(path)

    return write


def test_no_record_says_what_to_run(tmp_path):
    with pytest.raises(ValueError, match="run `mixgrade grade ps5-em` first"):
        write_report([], tmp_path / "report.html", assignment="ps5-em")
    assert not (tmp_path / "report.html").exists()


def test_the_folder_is_made(tmp_path):
    path = tmp_path / "new" / "report.html"
    write_report(sample(random.Random(1), 5), path, assignment="ps5-em")
    assert path.is_file()


def test_the_page_is_self_contained_and_accessible(page):
    parsed = page(sample(random.Random(2)))
    assert parsed.text.startswith("<!DOCTYPE html>")
    assert parsed.of("html") == [{"lang": "en-GB"}]
    assert {"header", "nav", "main", "footer", "h1"} <= {tag for tag, _ in parsed.tags}
    assert not {"script", "img", "iframe"} & {tag for tag, _ in parsed.tags}
    assert not re.search(r"https?:|url\(|@import|\bon\w+=", parsed.text)
    for _, attrs in parsed.tags:
        assert set(attrs) & {"src", "srcset", "action"} == set()
        assert attrs.get("href", "#").startswith(("#", "data:,"))
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in parsed.tags:
        assert set(attrs.get("aria-labelledby", "").split()) <= set(ids)
    assert {a["href"][1:] for a in parsed.of("a")} <= set(ids)
    assert all(attrs.get("scope") for attrs in parsed.of("th"))
    assert [attrs["role"] for attrs in parsed.of("svg")] == ["img"]
    assert "histogram-title" in ids
    assert "histogram-desc" in ids


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast_in_both_schemes():
    style = Path(mixgrade.report.__file__).with_name("report.html").read_text()
    schemes = [
        dict(re.findall(r"--(\w+): (#\w{6})", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(schemes) == 2
    for colours in schemes:
        for text in ("text", "muted", "accent"):
            for ground in ("page", "raised"):
                assert contrast(colours[text], colours[ground]) >= 4.5
        assert contrast(colours["text"], colours["warn"]) >= 4.5
        assert contrast(colours["accent"], colours["track"]) >= 3
        assert contrast(colours["edge"], colours["page"]) >= 3


def test_pass_rates_stand_in_notebook_order(page):
    first, second, third = CHECKS[0], CHECKS[1], CHECKS[3]
    records = [
        record("a", [check(first), check(second), check(third)]),
        record("b", [check(first), check(second, "failed", "no"), check(third, "died", "dead")]),
        record("c", [check(first), check(second), check(third, "failed", "no")]),
    ]
    rows = page(records).cells("checks")
    assert rows[1:] == [
        ["gmm_log_likelihood"],
        ["One component and a known sum test_gmm_log_likelihood", "1", "100 % (3 of 3)"],
        ["Other inputs test_gmm_log_likelihood_other_inputs", "2", "67 % (2 of 3)"],
        ["e_step"],
        ["Cases worked out by hand test_e_step", "1", "33 % (1 of 3); 1 kernel died"],
    ]


def test_all_and_none_are_never_rounded_to(page):
    checks = [[check(CHECKS[0], "failed", "no")]] + [[check(CHECKS[0])]] * 299
    parsed = page([record(f"s{i}", own) for i, own in enumerate(checks)])
    assert parsed.cells("checks")[2][2] == "99 % (299 of 300)"


def test_records_of_other_checks_are_taken_together(page):
    old, new = CHECKS[:4], [CHECKS[0], (CHECKS[1][0], "New title", CHECKS[1][2], 3), CHECKS[3]]
    records = [
        record("a", [check(entry) for entry in old], day=1),
        record("b", [check(entry) for entry in new], day=2),
        record("c", [check(entry) for entry in new], day=2),
    ]
    parsed = page(records)
    rows = [row for row in parsed.cells("checks")[1:] if len(row) == 3]
    assert [row[0].split()[-1] for row in rows] == [entry[0] for entry in old]
    assert rows[1][:2] == ["New title test_gmm_log_likelihood_other_inputs", "3"]
    assert rows[2][2] == "100 % (1 of 1); the other 2 had no such check"
    assert "1 of 3 submissions was graded with other checks" in parsed.words("top")


def test_scores(page):
    records = [record(f"s{i}", [check(CHECKS[7])]) | {"score": s} for i, s in enumerate([0, 3, 3])]
    parsed = page(records)
    assert "mean 2, median 3 of 3 points" in parsed.words("scores")
    assert "Number of submissions by score: 0 points: 1; 3 points: 2." in parsed.words("scores")
    assert "with full points 2" in parsed.words("top")


@pytest.mark.parametrize(
    ("scores", "top"),
    [([0.5, 2.25, 10.0, 9.75], 10), ([0, 55, 100, 99.5], 100), ([0.1, 0.2, 0.3], 0.3), ([0], 0)],
)
def test_every_score_is_in_one_bar(page, scores, top):
    records = [
        record(f"s{i}", [check(CHECKS[0])]) | {"score": score, "max_score": top}
        for i, score in enumerate(scores)
    ]
    parsed = page(records)
    bars = parsed.of("rect")
    said = re.findall(r"points: (\d+)[;.]", parsed.words("scores"))
    assert sum(map(int, said)) == len(scores)
    assert len(said) == len(bars)
    for bar in bars:
        x, width = float(bar["x"][:-1]), float(bar["width"][:-1])
        assert 0 <= x < x + width <= 100
        assert 0 < float(bar["height"]) <= 180


def test_messages_that_differ_in_numbers_are_one(page):
    texts = [
        "expected 0.5 at [0, 1]; came -3.",
        "expected 1e-08 at [2, 1]; came 4.5.",
        "expected 1e-08 at [2, 1]; came 4.5.",
        "expected an array of type float64",
        "expected an array of type float32",
        "shape (3,)",
        "shape (3, 1)",
    ]
    records = [record(f"s{i}", [check(CHECKS[0], "failed", t)], day=1) for i, t in enumerate(texts)]
    records[0]["checks"].append(check(CHECKS[1], "failed", texts[0]))
    rows = page(records).cells("messages")[1:]
    assert rows[0][:2] == ["3", "4"]
    # Two wordings, twice each: the first in the alphabet is the example.
    assert rows[0][2].startswith(texts[0])
    assert rows[0][2].endswith("2 checks of gmm_log_likelihood; 2 wordings")
    assert len(rows) == 5


def test_messages_name_no_student(page):
    parsed = page(sample(random.Random(3)))
    for section in ("scores", "checks", "messages", "run"):
        assert "student0" not in parsed.words(section)


def test_rare_messages_are_counted_only(page):
    names = "abcdefghijklmnopqrstuvwxyz"
    records = [record(n, [check(CHECKS[0], "failed", f"message {n}")]) for n in names]
    parsed = page(records)
    assert len(parsed.cells("messages")) == 1 + 20
    assert "6 rarer messages are left out, each met by at most 1 student." in parsed.words(
        "messages"
    )


def test_slowest_and_overhead(page):
    records = [record(f"s{i:02}", [check(CHECKS[0])], seconds=i, engine=i / 10) for i in range(21)]
    parsed = page(records)
    assert parsed.cells("slowest")[1] == ["s20", "20.0", "2.00"]
    assert len(parsed.cells("slowest")) == 1 + 10
    assert "Median of a submission: 10.0 s, of which the engine itself took 1.00 s" in parsed.words(
        "slowest"
    )


def test_incidents_name_student_cell_and_text(page):
    incidents = [
        {"kind": "cell", "cell": "cell 3", "text": "NameError: name 'x' is not defined"},
        {"kind": "timeout", "cell": "m_step", "text": "stopped after 30 s"},
        {"kind": "denied", "cell": "cell 9", "text": "no network"},
        {"kind": "flood", "cell": "cell 1", "text": "a kind of a later version"},
    ]
    parsed = page([record("ada", [check(CHECKS[0])], incidents=incidents)])
    rows = [row for row in parsed.cells("incidents") if row[0] == "ada"]
    assert rows == [
        ["ada", "cell 9 no network"],
        ["ada", "m_step stopped after 30 s"],
        ["ada", "cell 3 NameError: name 'x' is not defined"],
        ["ada", "cell 1 a kind of a later version"],
    ]
    assert "Flood (1)" in parsed.words("incidents")
    assert "incidents 3" in parsed.words("top")


def test_a_quiet_class_says_so(page):
    parsed = page([record("ada", [check(CHECKS[0])])])
    for section in ("human", "messages", "incidents", "findings"):
        assert "None: " in parsed.words(section)
    assert "limits only" not in parsed.text.split("<body>")[1]


def test_unreadable_submissions_are_left_to_a_human(page):
    records = [
        record("ada", [check(CHECKS[0])], findings=["cell m_step stands 2 times"]),
        record("bob", [check(CHECKS[0])], findings=["cell m_step stands 3 times"]),
        record("eve", [check(CHECKS[0], "not run", "no notebook was found")]),
    ]
    parsed = page(records)
    assert parsed.cells("human")[1:] == [["eve", "no notebook was found"]]
    assert "Total scores of 2 submissions: mean 1," in parsed.words("scores")
    assert parsed.cells("checks")[2][2] == "100 % (2 of 2)"
    assert parsed.cells("findings")[1:] == [["2", "cell m_step stands 2 times who ada, bob"]]
    assert "None: no check failed" in parsed.words("messages")


def test_a_class_of_unreadable_submissions(page):
    parsed = page([record("eve", [check(CHECKS[0], "not run", "empty file")])])
    assert "No submission could be graded." in parsed.words("scores")
    assert "No check was run." in parsed.words("checks")


def test_limits_only_is_a_warning_at_the_top(page):
    records = [record(s, [check(CHECKS[0])]) for s in ("ada", "bob")]
    records[1]["isolation"] = "limits only"
    parsed = page(records)
    assert "1 of 2 submissions ran without bubblewrap" in parsed.words("top")
    assert parsed.text.index("Graded with limits only") < parsed.text.index("<main>")
    assert "limits only (1 of 2)" in parsed.words("run")


def test_versions_and_times(page):
    records = [record("ada", [check(CHECKS[0])], day=1), record("bob", [check(CHECKS[0])], day=3)]
    records[0]["versions"] = VERSIONS | {"numpy": "2.0.0"}
    records[0]["graded_at"] = "2025-11-01T12:30:00+02:00"
    parsed = page(records)
    assert "numpy 2.0.0 (1 of 2) 2.3.5 (1 of 2)" in parsed.words("run")
    assert "python 3.11.2 Graded" in parsed.words("run")
    assert "Graded from 2025-11-01 10:30 UTC to 2025-11-03 10:30 UTC" in parsed.words("top")


EVIL = "<script>alert('1')</script>\"><img src=x onerror=alert(1)>&amp;{{ 7 * 7 }}"


def test_texts_do_not_become_markup(page):
    entry = (f"test_{EVIL}", EVIL, EVIL, 1)
    records = [
        record(
            f"{EVIL}{i}",
            [check(entry, kind, EVIL)],
            incidents=[{"kind": kind, "cell": EVIL, "text": EVIL} for kind in ("denied", EVIL)],
            findings=[EVIL],
            isolation=EVIL,
            versions={EVIL: EVIL},
            assignment=EVIL,
        )
        for i, kind in enumerate(["failed", "not run", "passed", EVIL])
    ]
    parsed = page(records)
    assert not {"script", "img"} & {tag for tag, _ in parsed.tags}
    assert not any(name.startswith("on") for _, attrs in parsed.tags for name in attrs)
    for section in ("human", "checks", "messages", "incidents", "findings", "slowest", "run"):
        assert EVIL in parsed.words(section), section


def test_texts_that_cannot_be_printed(page):
    text = "\x1b[0;31mred\x1b[0m \x00 \ud800 \u202eleft\r\nnext"
    parsed = page([record("a\x00\ud800", [check(CHECKS[0], "failed", text)])])
    assert "red \ufffd \ufffd \ufffdleft\nnext" in parsed.sections["messages"]
    assert "a\ufffd\ufffd" in parsed.words("slowest")


def test_long_texts_fold_and_endless_ones_are_cut(page):
    long, endless = "long " * 200, "x" * 3_000_000
    records = [
        record("a", [check(CHECKS[0], "failed", long)]),
        record("b", [check(CHECKS[0], "failed", endless)]),
    ]
    parsed = page(records)
    assert long in parsed.sections["messages"]
    assert "and 2990000 more characters, see the record" in parsed.words("messages")
    assert len(parsed.text) < 100_000


def test_the_same_records_give_the_same_page(tmp_path):
    rng = random.Random(4)
    records = sample(rng)
    pages = []
    for i in range(2):
        write_report(iter(records), tmp_path / f"{i}.html", assignment="ps5-em")
        pages.append((tmp_path / f"{i}.html").read_bytes())
        rng.shuffle(records)
    assert pages[0] == pages[1]


def test_a_thousand_records_take_seconds(page):
    records = sample(random.Random(5), 1000)
    started = time.perf_counter()
    parsed = page(records)
    assert time.perf_counter() - started < 10
    assert len(parsed.text) < 1_000_000
    assert "submissions 1000" in parsed.words("top")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_in_a_browser(chromium, tmp_path, width, scheme):
    """In Chromium: one request, no error, nothing wider than the window, in both schemes."""
    from browser import browsing

    records = sample(random.Random(6))
    records[0] |= {"isolation": "limits only", "student": "a" * 120}
    records[0]["incidents"] = [
        {"kind": "denied", "cell": "solution_" * 20, "text": "/home/" + "deep/" * 60}
    ]
    records[1]["checks"][0] |= {"kind": "failed", "message": "9" * 3000, "score": 0}
    path = tmp_path / "report.html"
    write_report(records, path, assignment="ps5-em")
    with browsing(chromium) as browser:
        page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
        requests, errors = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text))
        page.goto(path.as_uri(), wait_until="load")
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true }")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')]"
            ".filter(e => e.getBoundingClientRect().right > window.innerWidth"
            " || e.getBoundingClientRect().left < 0).map(e => e.outerHTML.slice(0, 80))"
        )
        assert wide == []
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground))) > 384) == (scheme == "light")
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    assert errors == []
