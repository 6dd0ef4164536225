"""Whether a kernel lives and why it ended, as both ways of talking to it need to know.

The sandbox tells of its end.  A kernel's own word counts for nothing here.
"""

import resource
import signal
import time
from pathlib import Path

__all__ = ["GRACE", "KernelState", "KernelStopped"]

# Seconds that an interrupted kernel has to come back before it is ended.
GRACE = 2.0


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


def _own_memory():
    """Return the bytes of memory of this process."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


class KernelState:
    """The life of one kernel of a sandbox.

    Attributes
    ----------
    limits : dict
        Those of the sandbox.
    alive : bool
        Whether it can still be asked.
    """

    def __init__(self, sandbox, name):
        self.sandbox, self.name = sandbox, name
        self.limits = sandbox.limits
        self.alive = True
        self._memory = _own_memory()

    def ending(self):
        """Return why it ended, or None while it runs."""
        return self.sandbox.end_of(self.name)

    def why(self):
        """Wait for its end for a moment; return why it ended."""
        until = time.monotonic() + GRACE
        while time.monotonic() < until:
            if end := self.ending():
                return end
            time.sleep(0.01)
        return "no answer"

    def gone(self, end, function=""):
        """Return the exception for an end; from now on it is not asked any more."""
        self.alive = False
        if end == "memory":
            size = f"{self.limits['memory_bytes'] / (1 << 30):.3g} GiB"
            return KernelStopped("memory", f"it took more than {size} of memory", function)
        if end == "processes":
            text = f"it started more than {self.limits['processes']} processes and threads"
            return KernelStopped("died", text, function)
        return KernelStopped("died", f"it ended the kernel ({end})", function)

    def watch_memory(self):
        """End a kernel that fills our memory: ZeroMQ keeps all parts of a message not yet whole."""
        if _own_memory() - self._memory > self.limits["memory_bytes"]:
            self.end()
            raise KernelStopped("memory", "what it sent took too much of the grader's memory")

    def interrupt(self):
        """Interrupt what it runs."""
        self.sandbox.signal(self.name, signal.SIGINT)

    def end(self):
        """End it and every process that it left behind."""
        self.alive = False
        self.sandbox.signal(self.name, signal.SIGKILL)
