"""The walls around a kernel, put up from within the sandbox: namespaces, mounts, limits.

A process that is about to become a kernel puts them up around itself before it runs any student's
code; the operating system keeps them then, whatever that code does.
"""

import ctypes
import os
import platform
import re
import resource
import signal
from pathlib import Path

from inside_processes import threads

__all__ = [
    "adopt_orphans",
    "can_cut_off",
    "counts_alone",
    "cut_off",
    "die_with_parent",
    "drop_capabilities",
    "hide",
    "limit",
    "no_new_privileges",
    "own_folders",
    "renounce_root",
]

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


def own_folders(scratch, size, kept):
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


def can_cut_off(scratch, kept):
    """Try in a child whether namespaces within the sandbox are allowed on this machine."""
    child = os.fork()
    if not child:
        try:
            cut_off()
            grandchild = os.fork()
            if not grandchild:
                own_folders(scratch, 1 << 20, kept)
                os._exit(0)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]))
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def hide(folder):
    """Mount an empty folder over one."""
    _mount("tmpfs", folder, "tmpfs", MS_RDONLY | MS_NOSUID, "size=4k")


def drop_capabilities():
    """Give up, for good, what entering a user namespace gave."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _system("capset", header, (ctypes.c_uint32 * 6)())
    no_new_privileges()


def no_new_privileges():
    """Let no program that is started from here have more rights than this process."""
    _system("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def renounce_root(user):
    """Become an ordinary user."""
    # The owner of all files has no limit on processes; an ordinary user does.
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    # Otherwise the files in /proc/self stay the owner's, who is needed to enter namespaces.
    _system("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)


def die_with_parent():
    """End this process when the one that made it ends."""
    _system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt_orphans():
    """Let processes whose parents have ended come back to this one."""
    _system("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def counts_alone(namespaces):
    """Return whether the limit on processes counts those of one kernel, or all of the user's."""
    release = tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])
    return namespaces and release >= (5, 14)


def limit(limits, alone):
    """Set the limits that the kernel of the operating system keeps."""
    # Where it counts others, too, it only holds a fork bomb until Nursery.watch sees it.
    processes = limits["processes"] if alone else 16 * limits["processes"] + threads("[0-9]*")
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
