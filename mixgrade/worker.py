"""A worker process of `mixgrade.pool`: it keeps one warm grader and grades what it is sent.

It ends when its socket closes, also in the middle of a submission, and ends its sandbox first.
"""

import contextlib
import json
import os
import queue
import signal
import threading
import time
from multiprocessing.connection import Connection

from mixgrade.sandbox import SandboxError

__all__ = ["warm_grader", "work"]

# Seconds to end the sandbox after the socket has closed.
GRACE = 5.0


class _Ended(BaseException):
    """The pool is gone.  Not an Exception, nor a SystemExit: a check may catch these."""


def work(descriptor):
    """Grade what comes through a socket, until it closes: all that a worker process does.

    Parameters
    ----------
    descriptor : int
        File descriptor of the socket.
    """
    connection = Connection(descriptor)
    received = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, _end)
    try:
        threading.Thread(target=_listen, args=(connection, received), daemon=True).start()
        _serve(connection, received)
    except (_Ended, BrokenPipeError, ConnectionResetError):
        # The pool removes its folder; if it was killed, its last worker does.
        with contextlib.suppress(OSError):
            os.rmdir(os.environ["TMPDIR"])


def _end(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Ended


def _listen(connection, received):
    """Pass on what arrives; when the socket closes, end this process, whatever it is doing."""
    try:
        while True:
            received.put(connection.recv())
    except (EOFError, OSError):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)


def _serve(connection, received):
    from traitlets.config import Config

    config = Config(received.get())
    grader = None
    try:
        while True:
            if grader is None:
                try:
                    grader = warm_grader(config)
                except SandboxError as error:
                    _say(connection, sandbox=str(error))
                    return
                _say(connection, ready=grader.isolation)
            notebook, source = received.get()
            try:
                outcome = grader.grade(json.loads(notebook), json.loads(source))
            except Exception as error:
                # Whatever it was, the next submission gets a sandbox that knows nothing of it.
                broken, grader = grader, None
                broken.close()
                _say(connection, error=f"{type(error).__name__}: {error}")
            else:
                _say(connection, outcome=outcome)
    finally:
        if grader is not None:
            grader.close()


def warm_grader(config):
    """Return a `mixgrade.engine.Grader` whose sandbox runs.

    Raises
    ------
    SandboxError
        If it cannot be started.
    """
    from mixgrade.engine import Grader

    grader = Grader(config=config)
    try:
        grader.sandbox.start()
    except BaseException:
        grader.close()
        raise
    return grader


def _say(connection, **answer):
    connection.send_bytes(json.dumps(answer).encode())
