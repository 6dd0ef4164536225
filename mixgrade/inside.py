"""What runs inside the sandbox: a process that has imported what students use and forks kernels.

The grader starts this file, not the package, inside bubblewrap.  It imports NumPy, SciPy,
Matplotlib and ipykernel once and then forks one Jupyter kernel a request.  Before a kernel runs any
student's code it is cut off from everybody else: its own user, mount, process, network and IPC
namespaces, an empty ``/proc``, a scratch folder of limited size, limits on memory and processes, no
capabilities.

Nothing here is trusted by the grader.  A student who changes this code from within changes the
answers of a kernel, as any line of a solution does.
"""

import contextlib
import ctypes
import gc
import glob
import json
import os
import platform
import random
import re
import resource
import select
import signal
import socket
import sys
import time
import warnings
from pathlib import Path

import codec
import numpy as np
import syscalls

# From <linux/sched.h>, <linux/mount.h>, <linux/prctl.h> and <linux/capability.h>.
NEW_NAMESPACES = {
    "user": 0x10000000,
    "mount": 0x00020000,
    "process": 0x20000000,
    "network": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_MOVE, MS_REC = 4096, 8192, 16384
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _system(call, *arguments):
    if getattr(_libc, call)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def _mount(source, target, kind, flags, options=None):
    _system(
        "mount",
        *(text.encode() if text else None for text in (source, target, kind)),
        ctypes.c_ulong(flags),
        options.encode() if options else None,
    )


def cut_off():
    """Enter namespaces of one's own; the next child is process 1 of the new process namespace."""
    user, group = os.getuid(), os.getgid()
    flags = 0
    for flag in NEW_NAMESPACES.values():
        flags |= flag
    _system("unshare", ctypes.c_int(flags))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def own_folders(scratch, size, kept=()):
    """Mount a scratch folder of a size in bytes, and hide the processes of others.

    The folders ``kept``, which lie in /tmp, are there as before; the rest of it is empty.
    """
    options = f"size={size},nr_inodes=20000,mode=0700"
    _mount("tmpfs", scratch, "tmpfs", MS_NOSUID | MS_NODEV, options)
    aside = {f"{scratch}/.kept{number}": place for number, place in enumerate(kept)}
    for folder, place in aside.items():
        os.mkdir(folder)
        _mount(place, folder, None, MS_BIND | MS_REC)
    for name, place in (("tmp", "/tmp"), ("shm", "/dev/shm")):
        folder = f"{scratch}/.{name}"
        os.mkdir(folder)
        _mount(folder, place, None, MS_BIND)
    for folder, place in aside.items():
        os.makedirs(place, exist_ok=True)
        _mount(folder, place, None, MS_MOVE)
        os.rmdir(folder)
    _mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k")


def drop_capabilities():
    """Give up, for good, what entering a user namespace gave."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _system("capset", header, (ctypes.c_uint32 * 6)())
    _system("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def counts_alone(namespaces):
    """Return whether the limit on processes counts those of one kernel, or all of the user's."""
    release = tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])
    return namespaces and release >= (5, 14)


def limit(limits, alone):
    """Set the limits that the kernel of the operating system keeps."""
    # Where it counts others, too, it only holds a fork bomb until Nursery.watch sees it.
    processes = limits["processes"] if alone else 16 * limits["processes"] + _threads("[0-9]*")
    for name, value in {
        # Data, not address space: threads reserve much more than they use.
        "DATA": limits["memory_bytes"],
        "NPROC": processes,
        "FSIZE": limits["scratch_bytes"],
        "NOFILE": 512,
        "MSGQUEUE": 0,
        "CORE": 0,
        "CPU": int(limits["notebook_seconds"]) * 2 + 60,
    }.items():
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


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


def run_kernel(connection_file, calls, limits, lock):
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
        self.own_memory = _memory(os.getpid())
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
            processes = _descendants(keeper)
            total = sum(max(0, _memory(p) - self.own_memory) for p in processes)
            if total > self.limits["memory_bytes"]:
                self.reasons[name] = "memory"
            elif sum(map(_threads, processes)) > self.limits["processes"]:
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
            _keep(request | {"kept": self.kept}, fds[0], writer, self.limits, self.namespaces)
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


def _memory(process):
    """Return the bytes of memory, or of swap, that are a process's own or shared without a file."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    sizes = dict(line.split(":", 1) for line in lines if line.startswith(("Rss", "VmSwap")))
    kib = sum(int(sizes.get(name, "0").split()[0]) for name in ("RssAnon", "RssShmem", "VmSwap"))
    return 1024 * kib


def _threads(process):
    return len(glob.glob(f"/proc/{process}/task/[0-9]*"))


def _descendants(process):
    found = []
    # Each thread has children of its own.
    for place in glob.glob(f"/proc/{process}/task/*/children"):
        with contextlib.suppress(OSError):
            found += map(int, Path(place).read_text().split())
    return found + [p for child in found for p in _descendants(child)]


def _keep(request, calls, answer, limits, namespaces):
    """Run in a child: start the kernel as a grandchild, wait for it, and clear up after it."""
    try:
        if namespaces:
            cut_off()
        else:
            # Without a process namespace, what the kernel leaves behind comes back to this process.
            _system("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        # With the process that forks them, kernels go, too.
        _system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
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
        _end_descendants()
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _end_descendants():
    while left := _descendants(os.getpid()):
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def _become_kernel(request, calls, limits, namespaces):
    try:
        _system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.setsid()
        os.dup2(calls, 3)
        os.closerange(4, 1024)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.close(null)
        scratch = request["scratch"]
        if namespaces:
            own_folders(scratch, limits["scratch_bytes"], request["kept"])
        os.environ.update(HOME=scratch, TMPDIR=f"{scratch}/.tmp", MPLCONFIGDIR=f"{scratch}/.mpl")
        os.makedirs(os.environ["TMPDIR"], exist_ok=True)
        sys.path[:] = [*request["path"], *(p for p in sys.path if p != os.path.dirname(__file__))]
        connection_file = f"{scratch}/.connection.json"
        Path(connection_file).write_text(json.dumps(request["connection"]))
        limit(limits, counts_alone(namespaces))
        # The sockets are bound from within their folder, which nobody can find again.  Every thread
        # inherits what is given up here; one that has been started before would keep it.
        os.chdir(request["folder"])
        if namespaces:
            _mount("tmpfs", request["sockets"], "tmpfs", MS_RDONLY | MS_NOSUID, "size=4k")
            drop_capabilities()
        if request["walls"]:
            syscalls.deny()

        def lock():
            os.unlink(connection_file)
            os.chdir(scratch)

        run_kernel(connection_file, socket.socket(fileno=3), limits, lock)
    except BaseException:
        import traceback

        log = os.environ.get("MIXGRADE_KERNEL_LOG")
        if log:
            Path(log).write_text(traceback.format_exc())
        os._exit(70)
    os._exit(0)


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
        # The owner of all files has no limit on processes; an ordinary user does.
        os.setgroups([])
        os.setgid(settings["user"])
        os.setuid(settings["user"])
        # Otherwise the files in /proc/self stay the owner's, who is needed to enter namespaces.
        _system("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)
    _system("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    warm_up()
    if settings["namespaces"]:
        settings["namespaces"] = _can_cut_off(settings)
    Nursery(settings).run()


def _can_cut_off(settings):
    """Try in a child whether namespaces within the sandbox are allowed on this machine."""
    child = os.fork()
    if not child:
        try:
            cut_off()
            grandchild = os.fork()
            if not grandchild:
                own_folders(settings["scratch"], 1 << 20, settings["kept"])
                os._exit(0)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]))
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


if __name__ == "__main__":
    main()
