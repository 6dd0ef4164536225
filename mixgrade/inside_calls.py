"""What answers the checks from within a kernel: it looks names up and calls functions.

It shares a process with the student's code, which may change it: what it sends is that code's word.
"""

import contextlib
import sys
import warnings

import codec
import numpy as np

__all__ = ["Calls"]


class Calls:
    """Answers, between cells, what the checks ask of the functions in the kernel's namespace."""

    def __init__(self, connection, names, message_bytes):
        self.connection = connection
        self.names = names
        self.limit = message_bytes

    def _receive(self, size):
        data = bytearray()
        while len(data) < size:
            part = self.connection.recv(min(size - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _send(self, reply, number):
        try:
            data = codec.pack({"n": number, **reply}, limit=self.limit)
        except BaseException as error:  # a returned object may do as it likes
            reply = {"error": _described(error)}
            data = codec.pack({"n": number, **reply}, limit=self.limit)
        self.connection.sendall(len(data).to_bytes(8, "big") + data)

    def serve(self, stream, ident, parent):
        """Handle requests until the check is over."""
        while True:
            try:
                size = int.from_bytes(self._receive(8), "big")
                request = codec.unpack(self._receive(size), limit=self.limit)
            except KeyboardInterrupt:  # it came too late for the function it was meant for
                continue
            except EOFError:
                return
            if request["do"] == "end":
                break
            try:
                reply = getattr(self, request["do"])(request)
            except KeyboardInterrupt as error:
                reply = {"error": _described(error)}
            self._send(reply, request["n"])
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")

    def look(self, request):
        """Say what names mean: a function, plain data, or nothing."""
        found = {}
        for name in request["names"]:
            found[name] = ("missing", None)
            if name in self.names:
                # One that cannot be passed on must not take the others with it.
                with contextlib.suppress(BaseException):
                    found[name] = self._meaning(self.names[name])
        return {"value": found}

    def _meaning(self, value):
        if callable(value):
            return "function", None
        codec.pack(value, limit=self.limit)
        return "data", value

    def call(self, request):
        """Call a function; report its result, its warnings and what it did to its arguments."""
        arguments = request["args"], request["kwargs"]
        if request["chance"] is not None:
            np.random.set_state(request["chance"])  # noqa: NPY002
        chance = _global_state()
        before = codec.pack(arguments, limit=self.limit)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                reply = {"value": self.names[request["name"]](*arguments[0], **arguments[1])}
            except BaseException as error:
                reply = {"error": _described(error)}
        # Only that it was used: a state made by an enemy would be believed there.
        reply["chance"] = _global_state() != chance
        if caught:
            seen = [(w.category.__name__, str(w.message)[:500]) for w in caught[:20]]
            reply["warnings"] = seen
        try:
            changed = codec.pack(arguments, limit=self.limit) != before
        except codec.PlainDataError:
            changed, arguments = True, None
        if changed:
            reply["arguments"] = arguments
        return reply

    def forbid(self, request):
        """Put a function that raises in the place of one that never returned."""

        def stopped(*args, **kwargs):
            raise RuntimeError(request["reason"])

        self.names[request["name"]] = stopped
        return {"value": None}


def _global_state():
    """Return the state of NumPy's global generator in a form that can be compared."""
    return [np.asarray(part).tobytes() for part in np.random.get_state()]  # noqa: NPY002


def _described(error):
    try:
        text = str(error)[:2000]
    except BaseException:
        text = ""
    kinds = [(kind.__module__, kind.__name__) for kind in type(error).__mro__[:12]]
    return {"kinds": kinds, "text": text}
