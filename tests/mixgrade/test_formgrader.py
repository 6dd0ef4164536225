"""nbgrader's formgrader, in a real browser, over a class that mixgrade has graded."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

import release
import sample_class

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT, NOTEBOOK = "ps2-duality", "duality"
# What a student might write who wants the instructor's browser to act.
EVIL = (
    "My answer. <script>window.evil = 1</script><img src=x onerror='window.evil = 2'>"
    "<a href='javascript:window.evil=3'>here</a>"
)


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """Grade three submissions: all right, one function missing, and one with HTML as its answer."""
    if not shutil.which("bwrap") and not os.environ.get("CI"):
        pytest.skip("bubblewrap is not on this machine; install it: apt install bubblewrap")
    folder = tmp_path_factory.mktemp("formgrader")
    release.release([ASSIGNMENT], classroom=folder, into=folder / "release")
    path = folder / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    released = nbformat.read(path, as_version=4)
    _, solutions = sample_class.model_solutions(ASSIGNMENT)
    part = {k: v for k, v in solutions.items() if k != "mixing_weights"}
    for student, solved in [("ada", solutions), ("ben", part), ("eve", part)]:
        notebook = sample_class.submission(released, solved, [])
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            if student == "eve" and meta.get("grade") and meta.get("solution"):
                cell.source = EVIL
        place = folder / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)
    subprocess.run(
        [sys.executable, "-m", "mixgrade", "grade", ASSIGNMENT],
        cwd=ROOT, env=release.environment(folder), check=True, timeout=300,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def server(classroom, tmp_path_factory):
    """Run a Jupyter server with formgrader on loopback; yields its address and token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    own = tmp_path_factory.mktemp("jupyter")
    environment = release.environment(classroom) | {
        f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    log = own / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={token}", "--allow-root",
            ],
            cwd=ROOT, env=environment, stdout=file, stderr=file,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=5).close()
                break
            except urllib.error.URLError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
        yield address, token
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def page(server, chromium):
    from browser import browsing

    with browsing(chromium) as browser:
        page = browser.new_page()
        page.goto(f"{server[0]}/lab?token={server[1]}")
        yield page


@pytest.mark.slow
def test_the_class_is_listed_with_its_scores(page, server):
    page.goto(f"{server[0]}/formgrader/manage_submissions/{ASSIGNMENT}")
    page.wait_for_selector("tbody tr td:has-text('eve')")
    rows = page.eval_on_selector_all(
        "tbody tr", "rows => rows.map(r => [...r.children].map(c => c.innerText.trim()))"
    )
    assert {row[1]: row[4] for row in rows} == {
        "ada": "12 / 20",
        "ben": "9 / 20",
        "eve": "9 / 20",
    }


@pytest.mark.slow
def test_nothing_that_a_student_wrote_runs_in_the_graders_browser(page, server):
    page.goto(f"{server[0]}/formgrader/gradebook/{ASSIGNMENT}/{NOTEBOOK}")
    page.wait_for_selector("a[href*='/submissions/']")
    links = page.eval_on_selector_all("a[href*='/submissions/']", "e => e.map(a => a.href)")
    seen = 0
    for link in dict.fromkeys(links):
        page.goto(link, wait_until="load")
        if "My answer." in page.inner_text("body"):
            seen += 1
            for anchor in page.query_selector_all("a:has-text('here')"):
                assert not (anchor.get_attribute("href") or "").startswith("javascript:")
        assert page.evaluate("window.evil") is None
    assert seen == 1


@pytest.mark.slow
def test_the_button_grades_with_the_same_engine(page, server, classroom):
    page.goto(f"{server[0]}/formgrader/manage_submissions/{ASSIGNMENT}")
    record = classroom / "mixgrade" / ASSIGNMENT / "ben.json"
    before = record.read_bytes()
    row = page.locator("tbody tr", has_text="ben")
    row.locator("td.autograde a").click()
    page.wait_for_selector("text=Successfully autograded", timeout=60_000)
    assert record.read_bytes() != before
    assert b'"isolation": "bubblewrap' in record.read_bytes()
