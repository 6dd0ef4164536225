"""The grader's side of the sandbox: it starts bubblewrap and asks for kernels.

:mod:`mixgrade.sandbox_command` says how it is started; :mod:`mixgrade.inside` is the other side.
What passes between both is a socket for requests, one socket a kernel for the calls of checks, and
the Jupyter sockets of each kernel, in a folder that the kernel loses sight of before it runs any
student's code.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from traitlets import Bool, Enum, Integer, List, Unicode
from traitlets.config import LoggingConfigurable

from mixgrade import sandbox_command
from mixgrade.kernel import Kernel, KernelStopped, new_connection
from mixgrade.sandbox_command import COURSE, SCRATCH, SOCKETS

__all__ = ["Sandbox", "SandboxError", "isolation_level"]

NOBODY = 65534
INSTALL = (
    "install it (Debian and Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap), or, "
    "for notebooks that you trust, grade with limits only: --Sandbox.isolation=limits"
)
FORKED = "bubblewrap, one fork a submission"
FRESH = "bubblewrap, one sandbox a submission"
LIMITS = "limits only"


class SandboxError(RuntimeError):
    """The sandbox cannot be started on this machine."""


class Sandbox(LoggingConfigurable):
    """Where students' cells run, and what they may take."""

    isolation = Enum(
        ["bubblewrap", "limits"],
        "bubblewrap",
        help="'bubblewrap', or 'limits' for limits without walls: for notebooks that you trust.",
    ).tag(config=True)
    memory_bytes = Integer(2 << 30, help="Memory of a kernel and its processes.").tag(config=True)
    processes = Integer(64, help="Processes and threads of a kernel.").tag(config=True)
    scratch_bytes = Integer(200_000_000, help="Size of the scratch folder.").tag(config=True)
    cell_seconds = Integer(30, help="Wall time of a cell.").tag(config=True)
    notebook_seconds = Integer(300, help="Wall time of a notebook.").tag(config=True)
    output_bytes = Integer(1_000_000, help="Output of a cell that is kept.").tag(config=True)
    message_bytes = Integer(64 << 20, help="Largest argument or result of a call.").tag(config=True)
    start_seconds = Integer(60, help="Wall time for the sandbox to start.").tag(config=True)
    student_path = List(
        Unicode(),
        help="Folders that students' code can import from, besides the installed packages.",
    ).tag(config=True)
    hidden_packages = List(
        Unicode(),
        ["mixgrade"],
        help="Installed packages that students' code cannot import.",
    ).tag(config=True)
    fork = Bool(True, help="Fork kernels from a warm sandbox, where the machine allows it.").tag(
        config=True
    )

    def __init__(self, **options):
        super().__init__(**options)
        self._process = self._control = None
        self._folder = None
        self._names = 0
        self._ended = {}
        self._forked = self.fork
        if self.isolation == "bubblewrap" and not shutil.which("bwrap"):
            raise SandboxError(f"bubblewrap (the command bwrap) was not found: {INSTALL}")

    @property
    def level(self):
        """How far kernels are cut off: one of three phrases that reports show."""
        if self.isolation == "limits":
            return LIMITS
        return FORKED if self._forked else FRESH

    @property
    def limits(self):
        """The limits as plain numbers."""
        names = (
            "memory_bytes", "processes", "scratch_bytes", "cell_seconds", "notebook_seconds",
            "output_bytes", "message_bytes",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def start(self):
        """Start the process that forks kernels, and wait until it has imported everything."""
        for folder in self.student_path:
            if not Path(folder).is_dir():
                raise SandboxError(
                    f"Sandbox.student_path names {folder}, which is no folder; make it, or take it "
                    "out of nbgrader_config.py"
                )
        self._folder = Path(tempfile.mkdtemp(prefix="mixgrade-"))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        walls = self.isolation == "bubblewrap"
        drop = NOBODY if walls and os.getuid() == 0 else None
        # Others pass through to the folders of their sockets, and can make nothing here.
        self._folder.chmod(0o711)
        settings = {
            "control": theirs.fileno(),
            "limits": self.limits,
            "namespaces": walls and self._forked,
            "user": drop,
            "scratch": SCRATCH,
            "kept": sandbox_command.kept_folders(),
        }
        if walls:
            command = sandbox_command.bubblewrap_command(
                settings, self._folder, self.student_path, self.hidden_packages
            )
            environment = {}
        else:
            command = sandbox_command.plain_command(settings)
            environment = {"MPLCONFIGDIR": str(self._folder / "matplotlib")}
        self._process = subprocess.Popen(
            command,
            env=sandbox_command.environment_variables() | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            cwd=self._folder,
        )
        theirs.close()
        self._control = ours
        ready = self._event(time.monotonic() + self.start_seconds)
        if ready is None or ready["event"] != "ready":
            words = self._last_words()
            self.close()
            raise SandboxError(f"the sandbox did not start: {words or 'no answer'}. {INSTALL}")
        if settings["namespaces"] and not ready["namespaces"]:
            self.log.info("namespaces within the sandbox are not allowed here: one a submission")
            self._forked = False

    def kernel(self):
        """Return a new :class:`Kernel`, ready for cells.

        Raises
        ------
        SandboxError
            If it does not start; :meth:`close` and another call begin with a new sandbox.
        """
        if self._process is not None and (self._process.poll() is not None or not self._forked):
            self.close()
        if self._process is None:
            self.start()
        self._names += 1
        name = str(self._names)
        folder = self._folder / name
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        ours, theirs = socket.socketpair()
        walls = self.isolation == "bubblewrap"
        scratch = SCRATCH
        if not walls:
            scratch = str(folder / "scratch")
            os.mkdir(scratch)
        connection = new_connection()
        path = (
            [f"{COURSE}/{i}" for i in range(len(self.student_path))] if walls else self.student_path
        )
        request = {
            "do": "fork",
            "id": name,
            "scratch": scratch,
            "walls": walls,
            "sockets": SOCKETS,
            "folder": f"{SOCKETS}/{name}" if walls else str(folder),
            "path": path,
            "connection": connection | {"ip": "k"},
        }
        self._ask(request, [theirs.fileno()])
        theirs.close()
        kernel = Kernel(self, name, connection | {"ip": f"{folder}/k"}, ours)
        try:
            kernel.wait_until_ready(time.monotonic() + self.start_seconds)
        except BaseException as error:
            kernel.close()
            if isinstance(error, KernelStopped):
                raise SandboxError(f"a kernel did not start in the sandbox: {error}") from error
            raise
        folder.chmod(0o755)
        return kernel

    def _ask(self, request, fds=()):
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], fds)
        except OSError as error:
            raise SandboxError(f"the sandbox went away: {self._last_words() or error}") from error

    def signal(self, name, number):
        """Send a signal to a kernel; one that has ended already gets none."""
        if self._process is not None:
            with contextlib.suppress(SandboxError):
                self._ask({"do": "signal", "id": name, "signal": int(number)})

    @property
    def control(self):
        """The socket on which the sandbox reports the end of kernels, for waiting on it."""
        return self._control

    def end_of(self, name):
        """Return why a kernel ended ("memory", or its exit code), or None while it runs."""
        while name not in self._ended and self._event(time.monotonic()) is not None:
            pass
        if name not in self._ended and (self._process is None or self._process.poll() is not None):
            self._ended[name] = "died"
        return self._ended.get(name)

    def _event(self, until):
        """Return the next report of the sandbox, or None if there is none in time."""
        if self._control is None:
            return None
        self._control.settimeout(max(until - time.monotonic(), 1e-3))
        try:
            data = self._control.recv(1 << 16)
        except OSError:
            return None
        if not data:
            return None
        # Without namespaces of its own, a kernel might have taken the reporter over.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            event = json.loads(data)
            if event["event"] == "exited":
                self._ended[str(event["id"])] = str(event["reason"] or f"exit code {event['code']}")
            elif event["event"] == "failed":
                self._ended[str(event["id"])] = str(event["text"])
            return event
        return {"event": "nonsense"}

    def forget(self, name):
        """Remove what a kernel that has ended left in the folder of sockets."""
        self._ended.pop(name, None)
        if self._folder is not None:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def _last_words(self):
        if self._process is None or self._process.stderr is None:
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        if self._process.poll() is None:
            return ""
        return self._process.stderr.read()[-2000:].decode(errors="replace").strip()

    def close(self):
        """End the sandbox and everything in it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            self._process.stderr.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._control = self._folder = None
        self._ended.clear()

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.close()


def isolation_level(config=None):
    """Return the level of isolation that this machine gives with a configuration.

    Raises
    ------
    SandboxError
        If bubblewrap is asked for and missing, or does not start.
    """
    with Sandbox(config=config) as sandbox:
        sandbox.start()
        return sandbox.level
