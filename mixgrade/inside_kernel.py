"""One kernel within the sandbox, from the fork to its end: first cut off, then a Jupyter kernel.

Once a student's code runs in it, nothing of this holds but what the operating system keeps.
"""

import json
import os
import random
import socket
import sys
from pathlib import Path

import inside_processes
import inside_walls
import numpy as np
import syscalls
from inside_calls import Calls

__all__ = ["keep_kernel"]


def keep_kernel(request, calls, answer, limits, namespaces):
    """Run in a child: start the kernel as a grandchild, wait for it, and clear up after it."""
    try:
        if namespaces:
            inside_walls.cut_off()
        else:
            # Without a process namespace, what the kernel leaves behind comes back to this process.
            inside_walls.adopt_orphans()
        # With the process that forks them, kernels go, too.
        inside_walls.die_with_parent()
        kernel = os.fork()
        if not kernel:
            _become_kernel(request, calls, limits, namespaces)
        os.write(answer, str(kernel).encode())
    except BaseException as error:
        os.write(answer, f"{type(error).__name__}: {error}".encode())
        os._exit(1)
    os.closerange(3, 1024)
    _, status = os.waitpid(kernel, 0)
    if not namespaces:
        inside_processes.end_descendants()
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _become_kernel(request, calls, limits, namespaces):
    try:
        inside_walls.die_with_parent()
        os.setsid()
        os.dup2(calls, 3)
        os.closerange(4, 1024)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.close(null)
        scratch = request["scratch"]
        if namespaces:
            inside_walls.own_folders(scratch, limits["scratch_bytes"], request["kept"])
        os.environ.update(HOME=scratch, TMPDIR=f"{scratch}/.tmp", MPLCONFIGDIR=f"{scratch}/.mpl")
        os.makedirs(os.environ["TMPDIR"], exist_ok=True)
        sys.path[:] = [*request["path"], *(p for p in sys.path if p != os.path.dirname(__file__))]
        connection_file = f"{scratch}/.connection.json"
        Path(connection_file).write_text(json.dumps(request["connection"]))
        inside_walls.limit(limits, inside_walls.counts_alone(namespaces))
        # The sockets are bound from within their folder, which nobody can find again.  Every thread
        # inherits what is given up here; one that has been started before would keep it.
        os.chdir(request["folder"])
        if namespaces:
            inside_walls.hide(request["sockets"])
            inside_walls.drop_capabilities()
        if request["walls"]:
            syscalls.deny()

        def lock():
            os.unlink(connection_file)
            os.chdir(scratch)

        _run_kernel(connection_file, socket.socket(fileno=3), limits, lock)
    except BaseException:
        import traceback

        log = os.environ.get("MIXGRADE_KERNEL_LOG")
        if log:
            Path(log).write_text(traceback.format_exc())
        os._exit(70)
    os._exit(0)


def _capped(write, limit):
    """Return a stream's ``write`` that stops after a number of bytes a cell."""
    written = {"cell": None, "bytes": 0}

    def capped(self, string):
        cell = self.parent_header.get("msg_id")
        if cell != written["cell"]:
            written.update(cell=cell, bytes=0)
        size = len(string)
        written["bytes"] += size
        # One piece too many goes through, so that the grader sees that there was more.
        if written["bytes"] - size <= limit:
            write(self, string[: limit + 1])
        return size

    return capped


def _run_kernel(connection_file, calls, limits, lock):
    """Run a Jupyter kernel; ``lock`` is called when its sockets are bound, before any code runs."""
    import zmq
    from ipykernel.iostream import OutStream
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    class KernelApp(IPKernelApp):
        def init_iopub(self, context):
            # What the grader has not read waits here. Too much of it would be dropped otherwise,
            # and the word that a cell has ended with it.
            context.setsockopt(zmq.SNDHWM, 0)
            super().init_iopub(context)

    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.log_level = 50
    config.InteractiveShell.xmode = "Minimal"
    # Students' notebooks on their own computers show figures without being asked, too.
    config.InteractiveShellApp.matplotlib = "inline"
    OutStream.write = _capped(OutStream.write, limits["output_bytes"])
    app = KernelApp.instance(config=config)
    app.connection_file = connection_file
    app.initialize([])
    kernel = app.kernel
    # Students who draw without a seed get the same result however often they are graded.
    np.random.seed(0)  # noqa: NPY002
    random.seed(0)
    served = Calls(calls, app.shell.user_ns, limits["message_bytes"])
    kernel.shell_handlers["mixgrade_serve"] = served.serve
    lock()
    app.start()
