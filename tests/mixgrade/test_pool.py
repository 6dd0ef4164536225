import json
import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from processes import children_with
from small_course import POINTS, answered, source_notebook
from traitlets.config import Config

from mixgrade import pool
from mixgrade.pool import PoolError, Task, available_cpus, engine_config, grade_all
from mixgrade.sandbox import SandboxError

# The walls are tested elsewhere; these tests are about what happens around them.
ISOLATION = "bubblewrap" if shutil.which("bwrap") else "limits"
CONFIG = Config({"Sandbox": {"isolation": ISOLATION, "cell_seconds": 20}})


def as_json(notebook):
    return json.dumps(notebook).encode()


def task(name, *, check="", **answers):
    """Return a task; ``check`` is code of the instructor's that runs with the first check."""
    source = source_notebook()
    if check:
        source.cells[3].source += f"\n{check}"
    return Task(name, as_json(answered(source, **answers)), as_json(source))


def scores(result):
    return {check["grade_id"]: check["score"] for check in result.outcome["checks"]}


def some_tasks(number):
    """Return tasks of which each third is right, wrong, or without its second function."""
    wrong = [{}, {"double": "def double(x):\n    return 3 * x"}, {"half": "pass"}]
    return [task(n, **wrong[n % 3]) for n in range(number)]


EXPECTED = [
    POINTS,
    POINTS | {"test_double": 0.0, "test_double_other_inputs": 0.0},
    POINTS | {"test_half": 0.0},
]


def workers():
    """Return the worker processes of this one."""
    return children_with("mixgrade.worker")


@pytest.fixture
def leftovers(temporary):
    """Return a function that lists the folders of this test's pools."""
    return lambda: list(temporary.glob("mixgrade-pool-*"))


def test_engine_config_is_what_workers_need():
    config = Config({"Sandbox": {"cell_seconds": 3}, "CourseDirectory": {"root": object()}})
    assert engine_config(config) == {"Sandbox": {"cell_seconds": 3}}


def test_available_cpus():
    assert 1 <= available_cpus() <= os.cpu_count()


def test_no_tasks_no_workers():
    assert list(grade_all([], workers=2, config=Config())) == []


def test_workers_that_cannot_start(monkeypatch):
    monkeypatch.setattr(pool, "_START", "import os; os._exit(7)")
    with pytest.raises(PoolError, match=r"ended before they were ready.*exit code 7"):
        list(grade_all([task("a")], workers=1, config=CONFIG))


@pytest.mark.slow
def test_same_scores_with_one_worker_and_with_two(leftovers):
    for number in (1, 2):
        results = list(grade_all(some_tasks(6), workers=number, config=CONFIG))
        assert sorted(r.name for r in results) == list(range(6))
        for result in results:
            assert not result.failure
            assert scores(result) == EXPECTED[result.name % 3]
        assert not workers()
    assert not leftovers()


@pytest.mark.slow
def test_tasks_are_taken_when_they_are_needed():
    taken = []

    def tasks():
        for one in some_tasks(12):
            taken.append(one.name)
            yield one

    for done, _ in enumerate(grade_all(tasks(), workers=2, config=CONFIG)):
        assert len(taken) - done <= 2 * 2 + 1
    assert len(taken) == 12


@pytest.mark.slow
def test_a_killed_workers_submission_is_given_to_another():
    results, killed = [], set()
    for result in grade_all(some_tasks(8), workers=2, config=CONFIG):
        results.append(result)
        if len(results) in (2, 4):
            for worker in workers():
                killed.add(worker.pid)
                worker.kill()
    assert len(killed) >= 3
    assert {r.name: scores(r) for r in results} == {n: EXPECTED[n % 3] for n in range(8)}
    assert not any(r.failure for r in results)


@pytest.mark.slow
def test_a_submission_that_ends_every_worker_is_given_up():
    tasks = [task("ends", check="import os; os._exit(3)"), task("right")]
    results = {r.name: r for r in grade_all(tasks, workers=2, config=CONFIG)}
    assert "its worker ended (exit code 3); tried 3 times" in results["ends"].failure
    assert scores(results["ends"]) == dict.fromkeys(POINTS, 0.0)
    checks = results["ends"].outcome["checks"]
    assert {(c["kind"], c["message"]) for c in checks} == {("not run", results["ends"].failure)}
    assert scores(results["right"]) == POINTS


@pytest.mark.slow
def test_what_the_grader_raises_is_tried_again_and_given_up():
    # Reading would never let this through.
    broken = Task("broken", as_json(answered(source_notebook(), half=5)), task("").source)
    results = {r.name: r for r in grade_all([broken, task("right")], workers=1, config=CONFIG)}
    assert "TypeError" in results["broken"].failure
    assert scores(results["right"]) == POINTS


@pytest.mark.slow
def test_a_check_that_never_ends_costs_its_worker():
    tasks = [task("endless", check="while True: pass"), task("right")]
    results = {r.name: r for r in grade_all(tasks, workers=1, config=CONFIG, seconds=15)}
    assert "it took more than 15 s" in results["endless"].failure
    assert scores(results["right"]) == POINTS


@pytest.mark.slow
def test_a_sandbox_that_cannot_start_ends_the_run():
    config = Config({"Sandbox": {"isolation": ISOLATION, "start_seconds": 0}})
    with pytest.raises(SandboxError, match="did not start"):
        list(grade_all(some_tasks(4), workers=2, config=config))
    assert not workers()


@pytest.mark.slow
def test_closing_early_ends_busy_workers():
    # Not all children of this process are the pool's: multiprocessing keeps one of its own.
    before = psutil.Process().children(recursive=True)
    tasks = [task("right"), *(task(n, double="while True: pass") for n in range(3))]
    results = grade_all(tasks, workers=2, config=CONFIG)
    next(results)
    time.sleep(1)
    started = set(psutil.Process().children(recursive=True)) - set(before)
    assert started
    results.close()
    assert not workers()
    assert not psutil.wait_procs(started, timeout=5)[1]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.3, 8.0])
def test_workers_end_with_a_killed_parent(leftovers, tmp_path, seconds):
    # Killed while the workers start, and while they run a cell without end.
    path = tmp_path / "task"
    path.write_bytes(task("endless", double="while True: pass").notebook)
    code = (
        "import sys; from pathlib import Path; from traitlets.config import Config\n"
        "from mixgrade.pool import Task, grade_all\n"
        f"data = Path({str(path)!r}).read_bytes()\n"
        "config = Config({'Sandbox': {'isolation': sys.argv[1], 'cell_seconds': 100}})\n"
        "list(grade_all((Task(n, data, data) for n in range(9)), workers=2, config=config))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, ISOLATION])
    while not leftovers():
        time.sleep(0.02)
    time.sleep(seconds)
    everything = psutil.Process(parent.pid).children(recursive=True)
    assert len(everything) >= 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert not psutil.wait_procs(everything, timeout=15)[1]
    assert not leftovers()
