"""The processes that a test has started."""

import contextlib

import psutil


def children_with(word):
    """Return the processes below this one whose command line holds a word."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it ends at this moment
            if word in " ".join(process.cmdline()):
                found.append(process)
    return found
