"""One sandboxed Jupyter kernel, as the grader sees it: cells to run, functions to call.

Everything that comes from a kernel may have been made to do harm.  It is read with limits on size
and time, kept as text or checked images, and never run.  This module holds the Jupyter messages
that run cells; calls, outputs and the kernel's life have modules of their own.
"""

import contextlib
import secrets
import socket
import time
from pathlib import Path

import zmq
from jupyter_client.session import Session

from mixgrade.kernel_calls import FunctionCalls
from mixgrade.kernel_outputs import CellRun, Outputs
from mixgrade.kernel_state import GRACE, KernelState, KernelStopped

__all__ = ["CellRun", "Kernel", "KernelStopped", "new_connection"]

# How much more than is kept may be printed before the kernel is ended.
PATIENCE = 50
# Messages that wait on our side of a Jupyter socket, and those read before looking at the time.
WAITING, AT_ONCE = 16, 100


def _listens(path):
    """Return whether somebody listens: between the making of the file and that lies a moment."""
    with socket.socket(socket.AF_UNIX) as trial:
        return trial.connect_ex(str(path)) == 0


def new_connection():
    """Return the settings of a connection through files, all but their place: a new key.

    Returns
    -------
    dict
        As in Jupyter's connection files.
    """
    channels = ("shell", "iopub", "stdin", "hb", "control")
    return {
        "transport": "ipc",
        "key": secrets.token_hex(32),
        "signature_scheme": "hmac-sha256",
        "kernel_name": "python3",
        **{f"{channel}_port": i for i, channel in enumerate(channels, 1)},
    }


class Kernel:
    """A kernel of a :class:`mixgrade.sandbox.Sandbox`."""

    def __init__(self, sandbox, name, connection, calls):
        self.state = KernelState(sandbox, name)
        self.limits = self.state.limits
        self.connection = connection
        self.calls = FunctionCalls(self.state, calls)
        self._context = zmq.Context()
        self._session = Session(key=connection["key"].encode())
        self._shell = self._iopub = None

    @property
    def alive(self):
        """Whether it can still be asked."""
        return self.state.alive

    def wait_until_ready(self, until):
        """Connect when the kernel has bound its sockets; wait for its first answer."""
        # The files are made before any student's code runs.
        ports = [self.connection[f"{c}_port"] for c in ("shell", "iopub")]
        paths = [Path(f"{self.connection['ip']}-{port}") for port in ports]
        while not all(map(_listens, paths)):
            if (end := self.state.ending()) or time.monotonic() > until:
                raise self.state.gone(end or "no answer in time")
            time.sleep(0.005)
        self._shell = self._connect(zmq.DEALER, paths[0])
        self._iopub = self._connect(zmq.SUB, paths[1])
        self._iopub.subscribe(b"")
        # A subscription takes a moment: ask until the answer is seen on both sockets.
        while True:
            run = CellRun()
            message = self._send("kernel_info_request", {})
            if self._collect(message, run, min(until, time.monotonic() + 0.3)):
                return
            if (end := self.state.ending()) or time.monotonic() > until:
                raise self.state.gone(end or "no answer in time")

    def _connect(self, kind, path):
        made = self._context.socket(kind)
        made.linger = 0
        made.sndtimeo = int(1000 * GRACE)
        # What a kernel sends while nobody reads waits in its memory, not in ours.
        made.rcvhwm = WAITING
        # Never again to a path that might have become another's.
        made.reconnect_ivl = -1
        made.maxmsgsize = self.limits["message_bytes"]
        made.connect(f"ipc://{path}")
        return made

    def _send(self, kind, content):
        if not self.alive:
            raise self.state.gone(self.state.why())
        try:
            message = self._session.send(self._shell, kind, content)
        except zmq.ZMQError:
            raise self.state.gone(self.state.why()) from None
        return message["header"]["msg_id"]

    def _messages(self, made, outputs):
        """Yield some of what has arrived on a socket; what is not a message is passed over."""
        for _ in range(AT_ONCE):
            try:
                parts = made.recv_multipart(zmq.NOBLOCK)
            except zmq.ZMQError:
                return
            size = sum(map(len, parts))
            outputs.seen += size
            # Read from JSON, it would take many times as much; none of it could be kept.
            if size > 8 * outputs.limit + (1 << 16):
                outputs.run.cut = True
                continue
            with contextlib.suppress(Exception):
                _, parts = self._session.feed_identities(parts)
                message = self._session.deserialize(parts)
                parent, content = message["parent_header"].get("msg_id"), message["content"]
                if isinstance(content, dict):
                    yield message["header"]["msg_type"], parent, content

    def _collect(self, message, run, until, *, reply=True):
        """Collect outputs until the kernel is idle again; return False if it is not in time."""
        outputs = Outputs(run, self.limits["output_bytes"])
        idle, replied = False, not reply
        poller = zmq.Poller()
        for made in (self._shell, self._iopub):
            poller.register(made, zmq.POLLIN)
        try:
            while not (idle and replied):
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self.state.watch_memory()
                events = dict(poller.poll(min(1000 * left + 1, 200)))
                if not events and (end := self.state.ending()):
                    raise self.state.gone(end)
                for _, parent, _ in self._messages(self._shell, outputs):
                    replied = replied or parent == message
                for kind, parent, content in self._messages(self._iopub, outputs):
                    if parent != message:
                        continue
                    if kind == "status":
                        idle = idle or content.get("execution_state") == "idle"
                    outputs.take(kind, content)
                if outputs.seen > PATIENCE * outputs.limit:
                    self.end()
                    size = f"{PATIENCE * outputs.limit:,} bytes"
                    raise KernelStopped("output", f"it printed more than {size}")
            return True
        finally:
            outputs.finish()

    def run_cell(self, code, seconds):
        """Run a cell; return a :class:`CellRun`.

        Parameters
        ----------
        code : str
            Any text.
        seconds : float
            Wall time after which the cell is interrupted.
        """
        run = CellRun()
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        try:
            message = self._send("execute_request", content)
            if not self._collect(message, run, time.monotonic() + seconds):
                self._interrupt(message, run)
                run.stopped = KernelStopped("timeout", f"it ran for more than {seconds:.3g} s")
        except KernelStopped as stopped:
            run.stopped = stopped
        return run

    def _interrupt(self, message, run):
        self.state.interrupt()
        if not self._collect(message, run, time.monotonic() + GRACE):
            self.end()

    # --- calls of functions -------------------------------------------------------------------

    @contextlib.contextmanager
    def serving(self, seconds):
        """Let a check call functions for a number of seconds; yields this kernel."""
        self.calls.begin(seconds)
        message = self._send("mixgrade_serve", {})
        self.printed = CellRun()
        try:
            yield self
        finally:
            if self.alive:
                try:
                    self.calls.finish()
                    until = time.monotonic() + GRACE
                    if not self._collect(message, self.printed, until, reply=False):
                        self.end()
                except KernelStopped:
                    self.end()

    def look(self, names):
        """Return for each name ("function", None), ("data", value) or ("missing", None)."""
        return self.calls.look(names)

    def forbid(self, name, reason):
        """Put a function that raises in the place of one that never returned."""
        self.calls.forbid(name, reason)

    def call(self, name, args, kwargs, chance=None):
        """Call a function of the kernel's namespace; return its reply, a dict of plain data.

        ``chance`` is a new state for NumPy's global generator there, or None.
        """
        return self.calls.call(name, args, kwargs, chance)

    # --- the end ------------------------------------------------------------------------------

    def end(self):
        """End the kernel and every process that it left behind."""
        self.state.end()

    def close(self):
        """End the kernel and close the connections to it."""
        self.end()
        for made in (self._shell, self._iopub):
            if made is not None:
                made.close(linger=0)
        self._context.destroy(linger=0)
        self.calls.close()
        until = time.monotonic() + GRACE
        while not self.state.ending() and time.monotonic() < until:
            time.sleep(0.002)
        self.state.sandbox.forget(self.state.name)
