"""What runs inside the sandbox: a process that has imported what students use and forks kernels.

The grader starts this file, not the package, inside bubblewrap.  It imports NumPy, SciPy,
Matplotlib and ipykernel once and then forks one Jupyter kernel a request.  Before a kernel runs any
student's code it is cut off from everybody else: its own user, mount, process, network and IPC
namespaces, an empty ``/proc``, a scratch folder of limited size, limits on memory and processes, no
capabilities.

The files beside this one are its parts: `inside_kernel`, `inside_walls`, `inside_processes`,
`inside_calls`, `syscalls` and the codec.  All of them are loaded before the first kernel starts.

Nothing here is trusted by the grader.  A student who changes this code from within changes the
answers of a kernel, as any line of a solution does.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys

import inside_processes
import inside_walls
from inside_kernel import keep_kernel

__all__ = ["Nursery", "main"]


class Nursery:
    """The process that forks kernels, one a request, and watches over them."""

    def __init__(self, settings):
        self.control = socket.socket(fileno=settings["control"])
        self.limits = settings["limits"]
        self.namespaces = settings["namespaces"]
        self.kept = settings["kept"]
        self.kernels = {}  # id: (process that waits for it, the kernel itself)
        self.ends = {}  # id: file that can be read when that process has ended
        self.reasons = {}
        self.own_memory = 0

    def tell(self, **event):
        """Report to the grader."""
        self.control.send(json.dumps(event).encode())

    def run(self):
        """Serve the grader until it goes away."""
        # Kernels neither search nor copy what they inherit when they collect garbage.
        gc.collect()
        gc.freeze()
        self.own_memory = inside_processes.memory(os.getpid())
        self.tell(event="ready", namespaces=self.namespaces)
        while True:
            files = [self.control, *self.ends.values()]
            ready, _, _ = select.select(files, [], [], 0.2 if self.kernels else 60)
            if self.control in ready:
                data, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 4)
                if not data:
                    break
                request = json.loads(data)
                if request["do"] == "fork":
                    self.fork(request, fds)
                elif request["id"] in self.kernels:
                    self.signal(request["id"], request["signal"])
            self.reap()
            self.watch()
        for kernel in list(self.kernels):
            self.signal(kernel, signal.SIGKILL)

    def signal(self, kernel, number):
        """Send a signal to a kernel."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.kernels[kernel][1], number)

    def reap(self):
        """Report the kernels that have ended."""
        for name, (keeper, _) in list(self.kernels.items()):
            ended, status = os.waitpid(keeper, os.WNOHANG)
            if ended:
                del self.kernels[name]
                os.close(self.ends.pop(name))
                code = os.waitstatus_to_exitcode(status)
                reason = self.reasons.pop(name, None)
                self.tell(event="exited", id=name, code=code, reason=reason)

    def watch(self):
        """End a kernel whose processes together take too much memory, or are too many."""
        for name, (keeper, _) in self.kernels.items():
            processes = inside_processes.descendants(keeper)
            total = sum(max(0, inside_processes.memory(p) - self.own_memory) for p in processes)
            if total > self.limits["memory_bytes"]:
                self.reasons[name] = "memory"
            elif sum(map(inside_processes.threads, processes)) > self.limits["processes"]:
                self.reasons[name] = "processes"
            else:
                continue
            self.signal(name, signal.SIGKILL)

    def fork(self, request, fds):
        """Start a kernel; ``fds`` holds its socket for calls."""
        reader, writer = os.pipe()
        keeper = os.fork()
        if not keeper:
            os.close(reader)
            keep_kernel(request | {"kept": self.kept}, fds[0], writer, self.limits, self.namespaces)
        os.close(writer)
        for fd in fds:
            os.close(fd)
        with os.fdopen(reader) as answer:
            kernel = answer.read()
        if kernel.isdigit():
            self.kernels[request["id"]] = (keeper, int(kernel))
            self.ends[request["id"]] = os.pidfd_open(keeper)
            return
        os.waitpid(keeper, 0)
        self.tell(event="failed", id=request["id"], text=kernel)


def warm_up():
    """Import what students' notebooks import, so that no kernel has to."""
    # No debugger: nobody steps through a submission, and it takes most of a kernel's start.
    sys.modules["debugpy"] = None
    import ipykernel.debugger
    import ipykernel.inprocess
    import ipykernel.kernelapp
    import ipykernel.zmqshell  # noqa: F401
    import matplotlib as mpl
    import scipy.linalg
    import scipy.optimize
    import scipy.spatial
    import scipy.special
    import scipy.stats  # noqa: F401

    mpl.use("module://matplotlib_inline.backend_inline")
    import matplotlib.pyplot as plt

    # The first figure imports more and reads the fonts.
    figure, axes = plt.subplots()
    axes.set_title("a")
    figure.canvas.draw()
    plt.close("all")


def main():
    """Start from the settings on the command line."""
    settings = json.loads(sys.argv[1])
    if settings["user"] is not None:
        inside_walls.renounce_root(settings["user"])
    inside_walls.no_new_privileges()
    warm_up()
    if settings["namespaces"]:
        settings["namespaces"] = inside_walls.can_cut_off(settings["scratch"], settings["kept"])
    Nursery(settings).run()


if __name__ == "__main__":
    main()
