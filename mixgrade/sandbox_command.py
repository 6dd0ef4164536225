"""The command that starts a sandbox: what of the machine it shows, what runs in it and with what.

This decides what students' code can see: the system and Python without the grader, the folders that
it may import from, and the few files that run within, all of it read-only; folders of limited size
to write to; and an environment of its own.  Nothing that comes back from within has a say here.
"""

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

__all__ = [
    "COURSE",
    "SCRATCH",
    "SOCKETS",
    "bubblewrap_command",
    "environment_variables",
    "kept_folders",
    "plain_command",
]

HERE = Path(__file__).parent
# All files that run within the sandbox: there they are plain modules, not of a package.
INSIDE = (
    "codec.py", "codec_packing.py", "inside.py", "inside_calls.py", "inside_kernel.py",
    "inside_processes.py", "inside_walls.py", "syscalls.py",
)  # fmt: skip
# What a Python process needs of the system, read-only; what is not there is left out.
SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts", "/etc/localtime",
    "/var/cache/fontconfig",
)  # fmt: skip
# Where the sandbox has its folders.
COURSE, PROGRAM = "/course", "/mixgrade"
SCRATCH, SOCKETS, TMP = "/scratch", "/sockets", "/tmp"
# Isolated Python leaves out the folder of a script: the program's folder is the last argument.
_START = "import sys; sys.path.append(sys.argv[2]); import inside; inside.main()"


def bubblewrap_command(settings, sockets, student_path, hidden_packages):
    """Return the command that starts the process that forks kernels behind walls.

    Parameters
    ----------
    settings : dict
        For `inside.main`; its ``user`` is None unless the process begins as root.
    sockets : Path
        Folder that both sides share; `SOCKETS` within.
    student_path : list of str
        Folders that students' code can import from; number ``i`` is ``i`` in `COURSE` within.
    hidden_packages : list of str
        Installed packages that students' code cannot import.

    Returns
    -------
    list of str
    """
    size = str(settings["limits"]["scratch_bytes"])
    folders = [Path(p) for p in dict.fromkeys((*SYSTEM, *environment_folders()))]
    command = [
        shutil.which("bwrap"), "--unshare-pid", "--unshare-net", "--unshare-ipc",
        "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session",
    ]  # fmt: skip
    if settings["user"] is not None:
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user"]
    # First, since the environment may lie below it.
    command += ["--perms", "1777", "--size", size, "--tmpfs", TMP]
    # Made here, every folder above can be passed through; bubblewrap would copy its mode.
    above = {p for folder in folders for p in folder.parents if p != Path("/")}
    for parent in [*sorted(above), COURSE, PROGRAM]:
        command += ["--perms", "0755", "--dir", str(parent)]
    for folder in folders:
        if folder.is_symlink():
            command += ["--symlink", os.readlink(folder), str(folder)]
        elif folder.exists():
            command += ["--ro-bind", str(folder), str(folder)]
    for name in hidden_packages:
        place = _package_folder(name)
        if place and any(place.is_relative_to(folder) for folder in folders):
            command += ["--tmpfs", str(place), "--remount-ro", str(place)]
    for number, folder in enumerate(student_path):
        command += ["--ro-bind", str(Path(folder).resolve()), f"{COURSE}/{number}"]
    for name in INSIDE:
        command += ["--ro-bind", str(HERE / name), f"{PROGRAM}/{name}"]
    return [
        *command,
        "--proc", "/proc", "--dev", "/dev",
        "--perms", "1777", "--size", size, "--tmpfs", "/dev/shm",
        "--remount-ro", "/dev",
        "--perms", "1777", "--size", size, "--tmpfs", SCRATCH,
        "--bind", str(sockets), SOCKETS,
        "--remount-ro", "/",
        "--",
        *_python(settings, PROGRAM),
    ]  # fmt: skip


def environment_folders():
    """Return the folders of Python and of the packages that are installed."""
    return list(dict.fromkeys((sys.base_prefix, sys.prefix)))


def kept_folders():
    """Return those of them that lie in /tmp, and stay there when a kernel gets one of its own."""
    return [folder for folder in environment_folders() if Path(folder).is_relative_to(TMP)]


def _package_folder(name):
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def plain_command(settings):
    """Return the command that starts the process that forks kernels, without walls.

    Parameters
    ----------
    settings : dict
        For `inside.main`.

    Returns
    -------
    list of str
    """
    return _python(settings, HERE)


def _python(settings, program):
    return [sys.executable, "-I", "-c", _START, json.dumps(settings), str(program)]


def environment_variables():
    """Return the environment of the sandbox: nothing of the grader's own."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        **threads,
    }
