import json
import os
import shutil
import signal
import time

import pytest
from distributed import LocalCluster
from processes import children_with
from small_course import POINTS, answered, source_notebook
from traitlets.config import Config

from mixgrade import cluster
from mixgrade.cluster import ClusterError, grade_all
from mixgrade.pool import PoolError, Task
from mixgrade.sandbox import SandboxError

ISOLATION = "bubblewrap" if shutil.which("bwrap") else "limits"
CONFIG = Config({"Sandbox": {"isolation": ISOLATION, "cell_seconds": 20}})
WRONG = {"double": "def double(x):\n    return 3 * x"}
# Dask leaves the closing of some sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def some_tasks(number):
    """Return tasks of which every other one is wrong."""
    source = source_notebook()
    notebooks = [answered(source, **answers) for answers in ({}, WRONG)]
    data = [json.dumps(notebook).encode() for notebook in notebooks]
    return [Task(n, data[n % 2], data[0]) for n in range(number)]


EXPECTED = [POINTS, POINTS | {"test_double": 0.0, "test_double_other_inputs": 0.0}]


def scores(result):
    return {check["grade_id"]: check["score"] for check in result.outcome["checks"]}


@pytest.fixture(scope="module")
def dask():
    """Start a cluster of two worker processes on the loopback device."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "carrier://pigeon"])
def test_an_address_that_does_not_answer(address):
    with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address}.*start one"):
        list(grade_all(some_tasks(1), scheduler=address, config=Config(), seconds=1))
    assert issubclass(ClusterError, PoolError)


@pytest.mark.slow
def test_a_scheduler_without_workers():
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as made,
        pytest.raises(ClusterError, match=r"has no workers; start some with `dask worker tcp://"),
    ):
        list(grade_all([], scheduler=made.scheduler_address, config=Config(), seconds=1))


@pytest.mark.slow
def test_workers_with_another_mixgrade(dask, monkeypatch):
    theirs = cluster._fingerprint()()
    for ours, words in (
        (("0.0.9", theirs[1]), f"mixgrade {theirs[0]} there, 0.0.9 here"),
        ((theirs[0], "0" * 64), "their files differ"),
    ):
        answers = iter([lambda ours=ours: ours, cluster._fingerprint()])
        monkeypatch.setattr(cluster, "_fingerprint", lambda answers=answers: next(answers))
        with pytest.raises(ClusterError, match=words):
            list(grade_all(some_tasks(1), scheduler=dask.scheduler_address, config=CONFIG))
        monkeypatch.undo()


@pytest.mark.slow
def test_a_sandbox_that_cannot_start_ends_the_run(dask):
    config = Config({"Sandbox": {"isolation": ISOLATION, "start_seconds": 0}})
    with pytest.raises(SandboxError, match=r"on the Dask worker tcp://.*did not start"):
        list(grade_all(some_tasks(2), scheduler=dask.scheduler_address, config=config))


@pytest.mark.slow
def test_what_the_grader_raises_is_tried_again_and_given_up(dask):
    source = json.dumps(source_notebook()).encode()
    # Reading would never let this through.
    broken = Task("broken", json.dumps(answered(source_notebook(), half=5)).encode(), source)
    tasks = [broken, Task("right", source, source)]
    address = dask.scheduler_address
    results = {r.name: r for r in grade_all(tasks, scheduler=address, config=CONFIG)}
    assert "TypeError" in results["broken"].failure
    assert {c["kind"] for c in results["broken"].outcome["checks"]} == {"not run"}
    assert scores(results["right"]) == POINTS


@pytest.mark.slow
def test_scores_are_the_pools_also_with_a_worker_killed_on_the_way(dask):
    results, taken = [], []

    def tasks():
        for one in some_tasks(10):
            taken.append(one.name)
            yield one

    for result in grade_all(tasks(), scheduler=dask.scheduler_address, config=CONFIG):
        results.append(result)
        assert len(taken) - len(results) <= 2 * 2
        if len(results) == 2:
            os.kill(next(iter(dask.workers.values())).pid, signal.SIGKILL)
    assert not any(r.failure for r in results)
    assert {r.name: scores(r) for r in results} == {n: EXPECTED[n % 2] for n in range(10)}
    # The workers live on, without their sandboxes, which may need a moment to end.
    until = time.monotonic() + 10
    while children_with("inside") and time.monotonic() < until:
        time.sleep(0.1)
    assert not children_with("inside")
