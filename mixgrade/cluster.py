"""Grade many submissions on a Dask cluster, with the interface of `mixgrade.pool`.

Everything travels as bytes: workers need mixgrade and the packages that the notebooks import, and
no folder of the course.  Each worker process keeps one warm grader, in a thread of its own, and
grades one submission at a time; Dask gives the submissions of a lost worker to another.
"""

import asyncio
import contextlib
import json
from concurrent.futures import CancelledError, ThreadPoolExecutor

from distributed import Client, get_worker, wait
from distributed.comm import connect
from distributed.diagnostics.plugin import WorkerPlugin
from traitlets.config import Config

from mixgrade.pool import MAX_TRIES, PoolError, Result, engine_config, failed
from mixgrade.sandbox import SandboxError
from mixgrade.worker import warm_grader

__all__ = ["ClusterError", "grade_all"]

PLUGIN = "mixgrade"
# Seconds between two looks at whether there are workers.
LOOK = 20.0


class ClusterError(PoolError):
    """The cluster cannot be used; the text says what to do."""


def grade_all(tasks, *, scheduler, config, seconds=15.0):
    """Grade submissions on a Dask cluster; yield results as they come.

    Parameters
    ----------
    tasks : iterable of mixgrade.pool.Task
        Taken when they are needed: at most two a worker are held.
    scheduler : str
        Address of the scheduler, such as ``tcp://192.0.2.1:8786``.
    config : traitlets.config.Config
        For `mixgrade.engine.Grader`.
    seconds : float, optional
        How long to wait for the scheduler, and for its first worker.

    Yields
    ------
    mixgrade.pool.Result
        In the order in which they are ready.

    Raises
    ------
    ClusterError
        If nobody answers at the address, there is no worker, or workers have another mixgrade.
    SandboxError
        If a worker cannot start its sandbox.
    """
    with _connected(scheduler, seconds) as client:
        client.register_plugin(_GraderPlugin(engine_config(config), _fingerprint()()), name=PLUGIN)
        running = {}
        try:
            yield from _results(client, iter(tasks), running)
        except CancelledError as error:
            raise ClusterError(
                f"the Dask scheduler at {scheduler} went away; start it again, then grade again: "
                "what was graded is kept"
            ) from error
        finally:
            # Workers that go on without us keep no grader, and no sandbox.
            with contextlib.suppress(Exception):
                client.cancel(list(running))
                client.unregister_worker_plugin(PLUGIN)


def _results(client, tasks, running):
    """Keep workers busy with tasks and yield results; ``running`` is {future: task}."""
    more = True
    while True:
        most = 2 * max(1, len(client.nthreads()))
        while more and len(running) < most:
            task = next(tasks, None)
            more = task is not None
            if more:
                future = client.submit(
                    _grade, task.notebook, task.source, pure=False, retries=MAX_TRIES - 1
                )
                running[future] = task
        if not running:
            return
        try:
            done = wait(list(running), timeout=LOOK, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            if not client.nthreads():
                raise ClusterError(
                    "all Dask workers are gone; start some, then grade again: what was graded is "
                    "kept"
                ) from None
            continue
        for future in done:
            yield _result(future, running.pop(future))


def _result(future, task):
    try:
        return Result(task.name, json.loads(future.result()))
    except (SandboxError, ClusterError, CancelledError):
        raise
    except Exception as error:
        return failed(task, f"{type(error).__name__}: {error}")


@contextlib.contextmanager
def _connected(scheduler, seconds):
    """Connect to a scheduler whose workers have our mixgrade."""
    try:
        # A Client that fails to connect hangs for some seconds when Python ends.
        asyncio.run(_knock(scheduler, seconds))
        client = Client(scheduler, timeout=seconds)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {scheduler} ({error}); start one with `dask scheduler` "
            "and workers with `dask worker ADDRESS --nthreads 1`, or leave --scheduler out"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=seconds)
        except TimeoutError as error:
            raise ClusterError(
                f"the Dask scheduler at {scheduler} has no workers; start some with `dask worker "
                f"{scheduler} --nthreads 1`, one for each CPU"
            ) from error
        ours = _fingerprint()()
        for address, theirs in sorted(client.run(_fingerprint()).items()):
            if theirs != ours:
                raise ClusterError(_differ(address, theirs, ours))
        yield client


async def _knock(scheduler, seconds):
    """Raise OSError or ValueError if nobody answers at an address."""
    answering = await connect(scheduler, timeout=seconds)
    await answering.close()


def _differ(address, theirs, ours):
    """Return what to say of a worker with another mixgrade."""
    if theirs is None:
        return f"the Dask worker {address} has no mixgrade; install the course's package there"
    detail = f"mixgrade {theirs[0]} there, {ours[0]} here"
    if theirs[0] == ours[0]:
        detail = f"both are {ours[0]}, their files differ"
    return (
        f"the Dask worker {address} has another mixgrade ({detail}); install the same there and "
        "start it again"
    )


def _fingerprint():
    """Return a function that returns (version, digest of the files) of mixgrade where it runs.

    The function travels by value, since it is for workers that may have no mixgrade.
    """

    def fingerprint():
        import hashlib
        import importlib.metadata
        import importlib.util
        from pathlib import Path

        spec = importlib.util.find_spec("mixgrade")
        if spec is None:
            return None
        digest = hashlib.sha256()
        for path in sorted(Path(spec.submodule_search_locations[0]).glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return importlib.metadata.version("mixture-course"), digest.hexdigest()

    return fingerprint


# --- the worker's side ------------------------------------------------------------------------


class _GraderPlugin(WorkerPlugin):
    """The one grader of a worker process."""

    def __init__(self, config, fingerprint):
        self.config, self.fingerprint = config, fingerprint

    def setup(self, worker):
        """Get ready; the sandbox waits for the first submission."""
        self.address = worker.address
        # Dask may have several threads, and a sandbox ends with the thread that started it.
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mixgrade")
        self.grader = None
        # Of a worker that came later, or stayed for long, nobody has asked it yet.
        self.own = _fingerprint()()

    def teardown(self, worker):
        """End the sandbox."""
        self.thread.submit(self._close)
        self.thread.shutdown(wait=False)

    def grade(self, notebook, source):
        """Return the outcome of a submission as JSON; all three are bytes."""
        if self.own != self.fingerprint:
            raise ClusterError(_differ(self.address, self.own, self.fingerprint))
        return self.thread.submit(self._grade, notebook, source).result()

    def _grade(self, notebook, source):
        if self.grader is None:
            try:
                self.grader = warm_grader(Config(self.config))
            except SandboxError as error:
                raise SandboxError(f"on the Dask worker {self.address}: {error}") from None
        try:
            outcome = self.grader.grade(json.loads(notebook), json.loads(source))
        except Exception as error:
            # Whatever it was, the next submission gets a sandbox that knows nothing of it.
            self._close()
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        return json.dumps(outcome).encode()

    def _close(self):
        grader, self.grader = self.grader, None
        if grader is not None:
            grader.close()


def _grade(notebook, source):
    return get_worker().plugins[PLUGIN].grade(notebook, source)
