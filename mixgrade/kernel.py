"""One sandboxed Jupyter kernel, as the grader sees it: cells to run, functions to call.

Everything that comes from a kernel may have been made to do harm.  It is read with limits on size
and time, kept as text or checked images, and never run.
"""

import contextlib
import re
import resource
import select
import signal
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

import zmq
from jupyter_client.session import Session

from mixgrade import codec

__all__ = ["CellRun", "Kernel", "KernelStopped"]

# Seconds that an interrupted kernel has to come back before it is ended.
GRACE = 2.0
# How much more than is kept may be printed before the kernel is ended.
PATIENCE = 50
# Messages that wait on our side of a Jupyter socket, and those read before looking at the time.
WAITING, AT_ONCE = 16, 100
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_IMAGES = ("image/png", "image/jpeg")


class KernelStopped(BaseException):
    """A kernel was interrupted, was ended or died.

    Not an Exception: a check that tries something out with ``suppress(Exception)`` must not go on
    with a kernel that is no more.

    Attributes
    ----------
    kind : {"timeout", "memory", "died", "output"}
        What happened.
    text : str
        The same in words.
    function : str
        Function that was being called and is to blame, or "".
    """

    def __init__(self, kind, text, function=""):
        super().__init__(text)
        self.kind, self.text, self.function = kind, text, function


@dataclass
class CellRun:
    """What a cell did.

    Attributes
    ----------
    outputs : list of dict
        Outputs in nbformat's form.
    stopped : KernelStopped or None
        Why it did not run to its end.
    failed : bool
        Whether it raised an error.
    cut : bool
        Whether it printed more than is kept.
    """

    outputs: list = field(default_factory=list)
    stopped: KernelStopped | None = None
    failed: bool = False
    cut: bool = False


class _Outputs:
    """Collects the outputs of a cell up to a number of bytes."""

    def __init__(self, run, limit):
        self.run, self.left, self.seen, self.limit = run, limit, 0, limit

    def _keep(self, text):
        data = text.encode(errors="replace")
        kept = data[: self.left].decode(errors="ignore")
        self.left -= min(self.left, len(data))
        if len(data) > len(kept.encode(errors="replace")):
            self.run.cut = True
        return kept

    def _text(self, content, key):
        text = content.get(key)
        return self._keep(text) if isinstance(text, str) else ""

    def stream(self, content):
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        text = self._text(content, "text")
        if not text:
            return
        last = self.run.outputs[-1] if self.run.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.run.outputs.append({"output_type": "stream", "name": name, "text": text})

    def display(self, content):
        data = content.get("data")
        data = data if isinstance(data, dict) else {}
        kept = {}
        # Only what a page can show without running it: no HTML, no scripts, no SVG.
        for kind in _IMAGES:
            image = data.get(kind)
            if isinstance(image, str) and _BASE64.fullmatch(image):
                if len(image) <= self.left:
                    self.left -= len(image)
                    kept[kind] = image
                else:
                    self.run.cut = True
        if text := self._text(data, "text/plain"):
            kept["text/plain"] = text
        if kept:
            self.run.outputs.append({"output_type": "display_data", "metadata": {}, "data": kept})

    def error(self, content):
        lines = content.get("traceback")
        lines = lines[:50] if isinstance(lines, list) else []
        self.run.failed = True
        if self.left <= 0:
            self.run.cut = True
            return
        # An error without words takes room, too.
        self.left -= min(self.left, 100 + 10 * len(lines))
        self.run.outputs.append(
            {
                "output_type": "error",
                "ename": self._text(content, "ename")[:100],
                "evalue": self._text(content, "evalue"),
                "traceback": [self._keep(line) for line in lines if isinstance(line, str)],
            }
        )

    def take(self, kind, content):
        if kind == "stream":
            self.stream(content)
        elif kind in ("display_data", "execute_result"):
            self.display(content)
        elif kind == "error":
            self.error(content)
        elif kind == "clear_output":
            self.run.outputs.clear()

    def finish(self):
        if self.run.cut:
            notice = f"\n[output cut: more than {self.limit:,} bytes]\n"
            self.run.outputs.append({"output_type": "stream", "name": "stdout", "text": notice})


def _listens(path):
    """Return whether somebody listens: between the making of the file and that lies a moment."""
    with socket.socket(socket.AF_UNIX) as trial:
        return trial.connect_ex(str(path)) == 0


def _own_memory():
    """Return the bytes of memory of this process."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


class Kernel:
    """A kernel of a :class:`mixgrade.sandbox.Sandbox`."""

    def __init__(self, sandbox, name, connection, calls):
        self.sandbox, self.name = sandbox, name
        self.limits = sandbox.limits
        self.connection = connection
        self.calls = calls
        self.alive = True
        self._number = 0
        self._forbidden = {}
        self._memory = _own_memory()
        self._context = zmq.Context()
        self._session = Session(key=connection["key"].encode())
        self._shell = self._iopub = None

    def wait_until_ready(self, until):
        """Connect when the kernel has bound its sockets; wait for its first answer."""
        # The files are made before any student's code runs.
        ports = [self.connection[f"{c}_port"] for c in ("shell", "iopub")]
        paths = [Path(f"{self.connection['ip']}-{port}") for port in ports]
        while not all(map(_listens, paths)):
            if (end := self.sandbox.end_of(self.name)) or time.monotonic() > until:
                raise self._gone(end or "no answer in time")
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
            if (end := self.sandbox.end_of(self.name)) or time.monotonic() > until:
                raise self._gone(end or "no answer in time")

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
            raise self._gone(self._why())
        try:
            message = self._session.send(self._shell, kind, content)
        except zmq.ZMQError:
            raise self._gone(self._why()) from None
        return message["header"]["msg_id"]

    def _gone(self, end, function=""):
        self.alive = False
        if end == "memory":
            size = f"{self.limits['memory_bytes'] / (1 << 30):.3g} GiB"
            return KernelStopped("memory", f"it took more than {size} of memory", function)
        if end == "processes":
            text = f"it started more than {self.limits['processes']} processes and threads"
            return KernelStopped("died", text, function)
        return KernelStopped("died", f"it ended the kernel ({end})", function)

    def _watch_memory(self):
        """End a kernel that fills our memory: ZeroMQ keeps all parts of a message not yet whole."""
        if _own_memory() - self._memory > self.limits["memory_bytes"]:
            self.end()
            raise KernelStopped("memory", "what it sent took too much of the grader's memory")

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
        outputs = _Outputs(run, self.limits["output_bytes"])
        idle, replied = False, not reply
        poller = zmq.Poller()
        for made in (self._shell, self._iopub):
            poller.register(made, zmq.POLLIN)
        try:
            while not (idle and replied):
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._watch_memory()
                events = dict(poller.poll(min(1000 * left + 1, 200)))
                if not events and (end := self.sandbox.end_of(self.name)):
                    raise self._gone(end)
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
        self.sandbox.signal(self.name, signal.SIGINT)
        if not self._collect(message, run, time.monotonic() + GRACE):
            self.end()

    # --- calls of functions -------------------------------------------------------------------

    @contextlib.contextmanager
    def serving(self, seconds):
        """Let a check call functions for a number of seconds; yields this kernel."""
        self._until = time.monotonic() + seconds
        self._seconds = seconds
        message = self._send("mixgrade_serve", {})
        self.printed = CellRun()
        try:
            yield self
        finally:
            if self.alive:
                try:
                    self._write({"do": "end"}, time.monotonic() + GRACE)
                    until = time.monotonic() + GRACE
                    if not self._collect(message, self.printed, until, reply=False):
                        self.end()
                except KernelStopped:
                    self.end()

    def look(self, names):
        """Return for each name ("function", None), ("data", value) or ("missing", None)."""
        value = self._ask({"do": "look", "names": list(names)}, "")
        found = value.get("value")
        if not isinstance(found, dict):
            return dict.fromkeys(names, ("missing", None))
        pairs = {n: pair for n, pair in found.items() if isinstance(pair, tuple) and len(pair) == 2}
        return {name: pairs.get(name, ("missing", None)) for name in names}

    def forbid(self, name, reason):
        """Put a function that raises in the place of one that never returned."""
        # On this side, too: what answers on the other may have been rewritten.
        self._forbidden[name] = reason
        self._ask({"do": "forbid", "name": name, "reason": reason}, name)

    def call(self, name, args, kwargs, chance=None):
        """Call a function of the kernel's namespace; return its reply, a dict of plain data.

        ``chance`` is a new state for NumPy's global generator there, or None.
        """
        if name in self._forbidden:
            kinds = [("builtins", "RuntimeError")]
            return {"error": {"kinds": kinds, "text": self._forbidden[name]}}
        request = {"do": "call", "name": name, "args": args, "kwargs": kwargs, "chance": chance}
        return self._ask(request, name)

    def _ask(self, request, function):
        self._began = time.monotonic()
        if self._began > self._until:
            raise KernelStopped("timeout", self._too_long())
        self._watch_memory()
        self._number += 1
        request["n"] = self._number
        data = codec.pack(request, limit=self.limits["message_bytes"], strict=True)
        self._write(data, self._until, function)
        while True:
            reply = self._read(self._until, function)
            if reply is None:
                self._stop_call(function)
            # An answer to a call that was given up may come late.
            if self._answers(reply):
                return reply

    def _answers(self, reply):
        number = reply.get("n") if isinstance(reply, dict) else None
        return type(number) is int and number == self._number

    def _stop_call(self, function):
        """Interrupt a call that takes too long, or end the kernel; always raises."""
        self.sandbox.signal(self.name, signal.SIGINT)
        until = time.monotonic() + GRACE
        try:
            while (reply := self._read(until, function)) is not None:
                if self._answers(reply):
                    break
        except KernelStopped:
            reply = None
        if reply is None:
            self.end()
        if self._until - self._began < self._seconds / 2:
            raise KernelStopped("timeout", self._too_long())
        text = f"it did not return within {self._seconds:.3g} s"
        raise KernelStopped("timeout", text, function)

    def _too_long(self):
        # Many calls took the time, of this function or others: none of them is to blame.
        return f"its calls took more than {self._seconds:.3g} s together"

    def _write(self, data, until, function=""):
        if isinstance(data, dict):
            data = codec.pack(data, limit=self.limits["message_bytes"])
        view = memoryview(len(data).to_bytes(8, "big") + data)
        self.calls.setblocking(False)
        while view:
            if time.monotonic() > until:
                self._stop_call(function)
            try:
                view = view[self.calls.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, until, function)
            except OSError:
                raise self._gone(self._why(), function) from None

    def _read(self, until, function):
        """Return a message, or None if there is none in time."""
        head = self._read_bytes(8, until, function)
        if head is None:
            return None
        size = int.from_bytes(head, "big")
        if size > self.limits["message_bytes"]:
            self.end()
            raise KernelStopped("output", f"it returned more than {size:,} bytes", function)
        data = self._read_bytes(size, until, function)
        if data is None:
            return None
        try:
            return codec.unpack(data, limit=self.limits["message_bytes"])
        except codec.PlainDataError as error:
            self.end()
            raise KernelStopped("died", f"it sent no plain data: {error}", function) from error

    def _read_bytes(self, size, until, function):
        data = bytearray()
        self.calls.setblocking(False)
        while len(data) < size:
            # Also where there is always more to read.
            if time.monotonic() > until:
                return None
            try:
                part = self.calls.recv(min(size - len(data), 1 << 20))
            except BlockingIOError:
                self._wait(select.POLLIN, until, function)
                continue
            except OSError:
                part = b""
            if not part:
                raise self._gone(self._why(), function)
            data += part
        return data

    def _wait(self, event, until, function):
        """Wait until the socket of calls is ready, or time is over; raise if the kernel ended."""
        poller = select.poll()
        poller.register(self.calls, event)
        while (left := until - time.monotonic()) > 0:
            self._watch_memory()
            if poller.poll(1000 * min(left, 0.2) + 1):
                return
            if end := self.sandbox.end_of(self.name):
                raise self._gone(end, function)

    def _why(self):
        until = time.monotonic() + GRACE
        while time.monotonic() < until:
            if end := self.sandbox.end_of(self.name):
                return end
            time.sleep(0.01)
        return "no answer"

    # --- the end ------------------------------------------------------------------------------

    def end(self):
        """End the kernel and every process that it left behind."""
        self.alive = False
        self.sandbox.signal(self.name, signal.SIGKILL)

    def close(self):
        """End the kernel and close the connections to it."""
        self.end()
        for made in (self._shell, self._iopub):
            if made is not None:
                made.close(linger=0)
        self._context.destroy(linger=0)
        with contextlib.suppress(OSError):
            self.calls.shutdown(socket.SHUT_RDWR)
        self.calls.close()
        until = time.monotonic() + GRACE
        while not self.sandbox.end_of(self.name) and time.monotonic() < until:
            time.sleep(0.002)
        self.sandbox.forget(self.name)
