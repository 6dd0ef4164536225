import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.utils import is_grade
from small_course import (
    ASSIGNMENT,
    NAME,
    answered,
    hand_in,
    make_course,
    open_course,
    outcome,
    read,
    released,
)

import build
from mixgrade.feedback import LONGEST, FeedbackExporter, ShowChecks
from mixgrade.gradebook import GradeWriter

SETTINGS = {
    "GenerateFeedback": {
        "exporter_class": "mixgrade.feedback.FeedbackExporter",
        "preprocessors": [
            "nbgrader.preprocessors.GetGrades",
            "mixgrade.feedback.ShowChecks",
            "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
        ],
    }
}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)></section></main><h1>20 of 20</h1>"


@pytest.fixture(scope="module")
def fresh_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    return root


@pytest.fixture
def course(tmp_path, fresh_course):
    shutil.copytree(fresh_course, tmp_path, dirs_exist_ok=True)
    return open_course(tmp_path, **SETTINGS)


def generate(course):
    """Run nbgrader's generate_feedback and return the page's path."""
    course.assignment_id, course.student_id = ASSIGNMENT, "ada"
    GenerateFeedback(coursedir=course, config=course.config, force=True).start()
    folder = course.format_path(course.feedback_directory, "ada", ASSIGNMENT)
    (path,) = Path(folder).glob("*.html")
    return path


def grade(course, answers=None, **scores):
    notebook = answered(released(course.root), **(answers or {}))
    hand_in(course.root, "ada", notebook)
    reading = read(notebook)
    with GradeWriter(course) as writer:
        writer.write("ada", ASSIGNMENT, reading, outcome(reading.notebook, **scores), key="k")


def render(cells):
    """Return the page of a few cells, as a soup."""
    for cell in cells:
        rules = cell.metadata.get("nbgrader", {})
        if rules.get("grade"):
            rules.setdefault("score", 0.0)
    exporter = FeedbackExporter()
    exporter.register_preprocessor(ShowChecks, enabled=True)
    resources = {
        "nbgrader": {"notebook": "small", "score": 1.5, "max_score": 10.0, "late_penalty": 0},
        "inlining": {"css": []},
    }
    html, _ = exporter.from_notebook_node(new_notebook(cells=cells), resources=resources)
    return BeautifulSoup(html, "html.parser")


def check(text, name="test_double", outputs=(), **shown):
    cell = new_code_cell(text, outputs=list(outputs))
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "points": 2}
    cell.metadata["nbgrader"]["grade_id"] = name
    if shown:
        cell.metadata["mixgrade"] = shown
    return cell


def text_of(soup):
    return re.sub(r"\s+", " ", soup.get_text())


def test_page_of_a_submission(course):
    grade(course, {"why": "Because $x < y$."}, test_double_other_inputs=0, test_half=1.5)
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_comment("why", NAME, ASSIGNMENT, "ada").manual_comment = "Say *more*."
        gradebook.find_grade("why", NAME, ASSIGNMENT, "ada").manual_score = 1.0
        gradebook.find_submission_notebook(NAME, ASSIGNMENT, "ada").late_submission_penalty = 0.5
        gradebook.db.commit()
    soup = BeautifulSoup(generate(course).read_text(), "html.parser")
    assert soup.h1.text == "small: 3 of 10 points"
    assert "0.5 points are taken off already" in soup.find(class_="late").text
    rows = [tuple(td.text for td in tr("td")) for tr in soup.find(class_="summary")("tr")[1:]]
    assert rows == [
        ("Check: double", "1 of 1 point"),
        ("Check: double, other inputs", "0 of 2 points"),
        ("Check: half", "1.5 of 3 points"),
        ("Question: why", "1 of 4 points"),
    ]
    for link in soup.find(class_="summary")("a"):
        assert soup.find(id=link["href"][1:]) is not None
    headings = [text_of(h).strip() for h in soup("h3", class_="scored")]
    assert headings == [" ".join(row) for row in rows]
    messages = [m.text for m in soup(class_="message")]
    assert messages == ["expected 4; came None. Is there a return?"] * 2
    comments = [text_of(c).strip() for c in soup(class_="comment")]
    assert comments == ["Comment No response.", "Comment No response.", "Comment Say more."]
    text = text_of(soup)
    assert "# Hidden check: halves." in text
    assert "secret" not in text
    assert "assert double(2) == 4" in text
    assert soup.find("math") is not None


@pytest.mark.parametrize("assignment", build.masters())
def test_no_hidden_line_of_any_source(assignment):
    _, notebook = build.build_notebook(build.masters()[assignment])
    hidden, released = set(), []
    for cell in notebook.cells:
        region = re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)\n *### END", cell.source, re.S)
        hidden |= {line.strip() for part in region for line in part.split("\n")}
        visible = re.sub(
            r"### BEGIN HIDDEN TESTS\n.*?\n *### END[^\n]*", "", cell.source, flags=re.S
        )
        released += visible.split()
        if is_grade(cell) and cell.cell_type == "code":
            # A traceback as IPython writes it shows the lines around the error.
            error = {"ename": "ValueError", "evalue": "no", "traceback": cell.source.split("\n")}
            cell.outputs = [
                new_output("error", **error),
                new_output("stream", name="stdout", text=cell.source),
            ]
    text = text_of(render(notebook.cells))
    lines = {" ".join(line.split()) for line in hidden}
    secret = {line for line in lines if len(line) > 12 and line not in " ".join(released)}
    assert len(secret) > 20
    assert not [line for line in secret if line in text]
    assert "# Hidden check:" in text
    assert "HIDDEN TESTS" not in text


def test_hidden_marks_in_a_students_cell_do_no_harm():
    cells = [
        new_code_cell("### BEGIN HIDDEN TESTS\nx = 1"),
        new_markdown_cell("BEGIN HIDDEN TESTS"),
    ]
    assert "x = 1" in render(cells).text


def test_graded_by_stock_nbgrader():
    error = {
        "ename": "ValueError",
        "evalue": "\x1b[31mwrong\x1b[0m shape",
        "traceback": ["secret line"],
    }
    cells = [
        new_code_cell(
            "def fit(): pass", metadata={"nbgrader": {"grade_id": "fit", "solution": True}}
        ),
        new_code_cell("", metadata={"nbgrader": {"grade_id": "fit_em", "solution": True}}),
        check("pass", "test_fit_em_far_tails", [new_output("error", **error)]),
    ]
    soup = render(cells)
    assert [s.text for s in soup.h3("span")] == ["Check: fit_em, far tails", "0 of 2 points"]
    assert soup.find(class_="message").text == "ValueError: wrong shape"
    assert "secret" not in soup.text


def test_message_is_text():
    message = f"\x1b[31mexpected\x1b[0m {EVIL}\n  second line {'x' * 9999}"
    soup = render([check("pass", function="double", title=f"all {EVIL}", message=message)])
    shown = soup.find(class_="message").text
    assert shown.startswith(f"expected {EVIL}\n  second line x")
    assert len(shown) < LONGEST + 20
    assert not soup("script")
    assert not soup("img")
    assert EVIL in soup.h3.text


def test_nothing_of_a_student_is_more_than_text_or_image():
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    data = {"text/html": EVIL, "text/markdown": EVIL, "application/javascript": "alert(1)"}
    cells = [
        new_markdown_cell(f"{EVIL}\n\n[link](javascript:alert(1)) ![there](attachment:no.png) $x"),
        new_markdown_cell(f"$$ a < b \\text{{{EVIL}}} $$\n\n$\\unknown{{{EVIL}}}$\n\n$x_{{$ $}}$"),
        new_markdown_cell(f"```mermaid\n{EVIL}\n```\n\n```{EVIL}\nx\n```"),
        new_raw_cell(EVIL),
        new_raw_cell(EVIL, metadata={"raw_mimetype": "text/html"}),
        new_code_cell(
            EVIL,
            outputs=[
                new_output("stream", name="stdout", text=EVIL),
                new_output("stream", name="stderr", text=EVIL),
                new_output("error", ename=EVIL, evalue=EVIL, traceback=[]),
                new_output("error", ename="E", evalue="", traceback=[EVIL]),
                new_output("display_data", data=data | {"text/plain": EVIL}),
                new_output("display_data", data=data),
                new_output("execute_result", data={"image/svg+xml": svg}, execution_count=1),
                new_output("display_data", data={"image/png": 'AA"><script>alert(1)</script>'}),
            ],
        ),
    ]
    soup = render(cells)
    assert not soup("script")
    assert not [tag for tag in soup(True) if any(name.startswith("on") for name in tag.attrs)]
    assert [h.text for h in soup("h1")] == ["small: 1.5 of 10 points"]
    assert {img["src"].split(":")[0] for img in soup("img")} == {"data"}
    assert not [a for a in soup("a") if "javascript" in a.get("href", "")]
    assert "(image there is missing)" in soup.text
    assert soup.text.count("20 of 20") >= 12


def test_formulas():
    soup = render(
        [
            new_markdown_cell(r"$x_1, \dots, x_n$ and $\frac{1}{2}$"),
            new_markdown_cell("\\begin{align}\na &= b \\\\\n&< c\n\\end{align}"),
            new_markdown_cell(r"$\nosuchcommand{x}$"),
        ]
    )
    assert len(soup("math")) == 3
    assert soup.find("mfrac") is not None
    assert len(soup("mtr")) == 2
    assert [c.text for c in soup("code")] == [r"$\nosuchcommand{x}$"]


def test_nothing_is_loaded(course):
    grade(course, {"why": "![picture](https://example.org/a.png)"})
    page = generate(course).read_text()
    head = page[: page.index("</head>")]
    assert "default-src 'none'" in head
    assert not re.search(r"(src|href)=.?(https?:)?//", head)


@pytest.mark.slow
def test_in_a_browser(course, chromium):
    from browser import browsing

    why = "$$" + " + ".join(f"x_{{{i}}}" for i in range(60)) + "$$ ![a](https://example.org/a.png)"
    grade(course, {"why": f"{why}\n\n{'long' * 200}\n\n|{'a|' * 40}\n|{'-|' * 40}\n"}, test_half=0)
    path, requests = generate(course), []
    with browsing(chromium) as browser:
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on("requestfinished", lambda request: requests.append(request.url))
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
    assert set(requests) == {path.as_uri()}
