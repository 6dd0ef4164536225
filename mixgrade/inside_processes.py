"""The processes within the sandbox: what the operating system says of them, and their end.

Students' code has no part in the answers: whoever asks has not run any.
"""

import contextlib
import glob
import os
import signal
import time
from pathlib import Path

__all__ = ["descendants", "end_descendants", "memory", "threads"]


def memory(process):
    """Return the bytes of memory, or of swap, that are a process's own or shared without a file."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    sizes = dict(line.split(":", 1) for line in lines if line.startswith(("Rss", "VmSwap")))
    kib = sum(int(sizes.get(name, "0").split()[0]) for name in ("RssAnon", "RssShmem", "VmSwap"))
    return 1024 * kib


def threads(process):
    """Return the number of threads of a process, or of those that a pattern of names fits."""
    return len(glob.glob(f"/proc/{process}/task/[0-9]*"))


def descendants(process):
    """Return the processes that came from one and whose parents still run."""
    found = []
    # Each thread has children of its own.
    for place in glob.glob(f"/proc/{process}/task/*/children"):
        with contextlib.suppress(OSError):
            found += map(int, Path(place).read_text().split())
    return found + [p for child in found for p in descendants(child)]


def end_descendants():
    """End all processes that came from this one."""
    while left := descendants(os.getpid()):
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)
