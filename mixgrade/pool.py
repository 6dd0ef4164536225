"""Grade many submissions on this machine: worker processes that each keep one warm grader.

A worker is a Python process at the other end of a socket.  It has one submission at a time; what
else is needed to keep it busy waits here, so that a lost worker costs one submission's time.  When
the socket closes, for whatever reason, the worker ends and takes its sandbox with it.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from mixgrade.sandbox import SandboxError

__all__ = ["PoolError", "Result", "Task", "available_cpus", "engine_config", "grade_all"]

MAX_TRIES = 3
MAX_FAILED_STARTS = 3
# Seconds that a worker has to end its sandbox.
GRACE = 5.0
# The argument is the worker's side of the socket.
_START = "import sys; from mixgrade.worker import work; work(int(sys.argv[1]))"
# Workers share the CPUs already.
_THREADS = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}


class PoolError(RuntimeError):
    """No worker can be had; the text says what to do."""


@dataclass(frozen=True)
class Task:
    """One submission to grade.

    Attributes
    ----------
    name : hashable
        Whose work it is; comes back with the result.
    notebook, source : bytes
        The submission, laid out as the source, and the source: notebooks as JSON.
    """

    name: object
    notebook: bytes
    source: bytes


@dataclass(frozen=True)
class Result:
    """What became of a task.

    Attributes
    ----------
    name : hashable
        The task's.
    outcome : dict
        As `mixgrade.engine.Grader.grade` returns it, or `mixgrade.engine.not_run`.
    failure : str
        Why it could not be graded, or "".  This was no doing of the submission's that is known of:
        it is worth another run.
    """

    name: object
    outcome: dict
    failure: str = ""


def failed(task, reason):
    """Return the `Result` of a task that could not be graded."""
    from mixgrade.engine import not_run

    reason = f"this submission could not be graded: {reason}"
    outcome = not_run(json.loads(task.notebook), json.loads(task.source), reason)
    return Result(task.name, outcome, reason)


def available_cpus():
    """Return the number of CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def engine_config(config):
    """Return what workers need of a configuration, as a plain dict by section."""
    return {name: dict(config[name]) for name in ("Grader", "Sandbox") if name in config}


def grade_all(tasks, *, workers, config, seconds=1800.0):
    """Grade submissions in worker processes; yield results as they come.

    Tasks are taken from the iterable when they are needed: at most two a worker are held.  A task
    whose worker ends, or fails without a word from the grader, is given to another, at most twice.

    Parameters
    ----------
    tasks : iterable of Task
        May do work of its own when asked for the next one; the workers go on meanwhile.
    workers : int
        Largest number of processes.
    config : traitlets.config.Config
        For `mixgrade.engine.Grader`.
    seconds : float, optional
        Wall time of one submission after which its worker is ended.  The limits of the sandbox
        come long before; this one is for a check that never ends by itself.

    Yields
    ------
    Result
        In the order in which they are ready.

    Raises
    ------
    SandboxError
        If no sandbox can be started.
    PoolError
        If workers end before they are ready.
    """
    folder = Path(tempfile.mkdtemp(prefix="mixgrade-pool-"))
    # The sandbox may give up the rights of root, and has its sockets below.
    folder.chmod(0o711)
    pool = _Pool(workers, engine_config(config), folder, seconds)
    try:
        yield from pool.run(iter(tasks))
    finally:
        pool.close()
        shutil.rmtree(folder, ignore_errors=True)


class _Worker:
    """A worker process, as the pool sees it."""

    def __init__(self, config, folder):
        ours, theirs = socket.socketpair()
        with theirs:
            # A session of its own: Ctrl-C is for the pool alone.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(theirs.fileno())],
                env=_THREADS | os.environ | {"TMPDIR": str(folder)},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.connection = Connection(ours.detach())
        self.connection.send(config)
        self.task = None
        self.ready = False
        self.until = float("inf")

    def give(self, task, seconds):
        """Hand over a task; a worker that is gone is noticed when its answer is read."""
        self.task, self.until = task, time.monotonic() + seconds
        with contextlib.suppress(OSError):
            self.connection.send((task.notebook, task.source))

    def answer(self):
        """Return what the worker has to say, or None if it is gone."""
        try:
            return json.loads(self.connection.recv_bytes())
        except (EOFError, OSError):
            return None

    def end(self, grace):
        """Wait for the process to end, for some seconds, and return how it ended, in words."""
        self.connection.close()
        try:
            code = self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return f"exit code {code}" if code >= 0 else f"signal {-code}"


class _Pool:
    def __init__(self, workers, config, folder, seconds):
        self.workers, self.config, self.folder, self.seconds = workers, config, folder, seconds
        self.crew = []
        self.waiting = deque()
        self.tries = {}
        self.failed_starts = 0

    def run(self, tasks):
        finished, more = [], True
        while True:
            self._hand_out()
            # The workers are busy again; whoever takes the results may take his time.
            yield from finished
            finished = []
            if more and len(self.waiting) < self.workers:
                task = next(tasks, None)
                more = task is not None
                if more:
                    self.waiting.append(task)
                    self._hand_out()
            busy = [worker for worker in self.crew if worker.task]
            if not busy and not self.waiting and not more:
                return
            hungry = more and len(self.waiting) < self.workers
            soonest = max(0.0, min((w.until for w in busy), default=0.0) - time.monotonic())
            heard = wait([w.connection for w in self.crew], 0.0 if hungry else min(soonest, 3600.0))
            for worker in [w for w in self.crew if w.connection in heard]:
                finished += self._hear(worker)
            for worker in [w for w in busy if w in self.crew and w.until < time.monotonic()]:
                finished.append(self._give_up(worker))

    def _hand_out(self):
        idle = [worker for worker in self.crew if not worker.task]
        while self.waiting and (idle or len(self.crew) < self.workers):
            if not idle:
                idle.append(_Worker(self.config, self.folder))
                self.crew.append(idle[-1])
            idle.pop().give(self.waiting.popleft(), self.seconds)

    def _hear(self, worker):
        """Return the results, none or one, of what a worker has to say."""
        answer = worker.answer()
        if answer is None:
            return self._lost(worker)
        if "sandbox" in answer:
            raise SandboxError(answer["sandbox"])
        if "ready" in answer:
            worker.ready, self.failed_starts = True, 0
            return []
        task, worker.task, worker.until = worker.task, None, float("inf")
        if "error" in answer:
            return self._again(task, answer["error"])
        self.tries.pop(task.name, None)
        return [Result(task.name, answer["outcome"])]

    def _lost(self, worker):
        self.crew.remove(worker)
        ended = worker.end(GRACE)
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts == MAX_FAILED_STARTS:
                raise PoolError(
                    f"{MAX_FAILED_STARTS} worker processes ended before they were ready, the last "
                    f"one with {ended}; look above for its last words, and whether memory is short"
                )
            self.waiting.extendleft(filter(None, [worker.task]))
            return []
        return self._again(worker.task, f"its worker ended ({ended})") if worker.task else []

    def _again(self, task, reason):
        """Put a task back at the front; return its result if that was done often enough."""
        self.tries[task.name] = self.tries.get(task.name, 0) + 1
        if self.tries[task.name] < MAX_TRIES:
            self.waiting.appendleft(task)
            return []
        return [failed(task, f"{reason}; tried {self.tries.pop(task.name)} times")]

    def _give_up(self, worker):
        """End a worker that takes too long, and return the result of its task."""
        self.crew.remove(worker)
        worker.process.kill()
        worker.end(GRACE)
        return failed(worker.task, f"it took more than {self.seconds:g} s")

    def close(self):
        """End all workers."""
        for worker in self.crew:
            worker.connection.close()
        until = time.monotonic() + GRACE
        for worker in self.crew:
            worker.end(max(0.0, until - time.monotonic()))
