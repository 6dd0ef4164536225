"""Calls of the functions in a kernel, over a socket of their own: frames of plain data.

Whatever comes back is read with limits on size and time by :mod:`mixgrade.codec`, which makes
nothing but plain data of it; an answer that is none ends the kernel.
:mod:`mixgrade.inside_calls` is the other side.
"""

import contextlib
import select
import socket
import time

from mixgrade import codec
from mixgrade.kernel_state import GRACE, KernelStopped

__all__ = ["FunctionCalls"]


class FunctionCalls:
    """The grader's end of the socket on which a kernel answers checks.

    Parameters
    ----------
    state : KernelState
        Of the kernel.
    connection : socket.socket
        Where it answers.
    """

    def __init__(self, state, connection):
        self.state, self.connection = state, connection
        self.limit = state.limits["message_bytes"]
        self._number = 0
        self._forbidden = {}

    def begin(self, seconds):
        """Allow a check a number of seconds for all its calls."""
        self._until = time.monotonic() + seconds
        self._seconds = seconds

    def finish(self):
        """Tell the kernel that the check is over."""
        data = codec.pack({"do": "end"}, limit=self.limit)
        self._write(data, time.monotonic() + GRACE)

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
        self.state.watch_memory()
        self._number += 1
        request["n"] = self._number
        data = codec.pack(request, limit=self.limit, strict=True)
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
        self.state.interrupt()
        until = time.monotonic() + GRACE
        try:
            while (reply := self._read(until, function)) is not None:
                if self._answers(reply):
                    break
        except KernelStopped:
            reply = None
        if reply is None:
            self.state.end()
        if self._until - self._began < self._seconds / 2:
            raise KernelStopped("timeout", self._too_long())
        text = f"it did not return within {self._seconds:.3g} s"
        raise KernelStopped("timeout", text, function)

    def _too_long(self):
        # Many calls took the time, of this function or others: none of them is to blame.
        return f"its calls took more than {self._seconds:.3g} s together"

    def _write(self, data, until, function=""):
        view = memoryview(len(data).to_bytes(8, "big") + data)
        self.connection.setblocking(False)
        while view:
            if time.monotonic() > until:
                self._stop_call(function)
            try:
                view = view[self.connection.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, until, function)
            except OSError:
                raise self.state.gone(self.state.why(), function) from None

    def _read(self, until, function):
        """Return a message, or None if there is none in time."""
        head = self._read_bytes(8, until, function)
        if head is None:
            return None
        size = int.from_bytes(head, "big")
        if size > self.limit:
            self.state.end()
            raise KernelStopped("output", f"it returned more than {size:,} bytes", function)
        data = self._read_bytes(size, until, function)
        if data is None:
            return None
        try:
            return codec.unpack(data, limit=self.limit)
        except codec.PlainDataError as error:
            self.state.end()
            raise KernelStopped("died", f"it sent no plain data: {error}", function) from error

    def _read_bytes(self, size, until, function):
        data = bytearray()
        self.connection.setblocking(False)
        while len(data) < size:
            # Also where there is always more to read.
            if time.monotonic() > until:
                return None
            try:
                part = self.connection.recv(min(size - len(data), 1 << 20))
            except BlockingIOError:
                self._wait(select.POLLIN, until, function)
                continue
            except OSError:
                part = b""
            if not part:
                raise self.state.gone(self.state.why(), function)
            data += part
        return data

    def _wait(self, event, until, function):
        """Wait until the socket of calls is ready, or time is over; raise if the kernel ended."""
        poller = select.poll()
        poller.register(self.connection, event)
        while (left := until - time.monotonic()) > 0:
            self.state.watch_memory()
            if poller.poll(1000 * min(left, 0.2) + 1):
                return
            if end := self.state.ending():
                raise self.state.gone(end, function)

    def close(self):
        """Close the socket."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()
