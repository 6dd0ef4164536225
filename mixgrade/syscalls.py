"""What a kernel may not ask of the operating system, whatever else holds it: a filter of its calls.

It takes away what no notebook needs and what the limits cannot see: memory that belongs to no
process, new namespaces and mounts, other processes' memory, and the youngest, largest parts of the
operating system's kernel.
"""

import ctypes
import errno
import platform
import struct

__all__ = ["DENIED", "deny"]

# Numbers on x86_64 and on aarch64, from <asm/unistd_64.h> and <asm-generic/unistd.h>.
DENIED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
# Architecture as the filter sees it, column above, number of clone.
_MACHINES = {"x86_64": (0xC000003E, 0, 56), "aarch64": (0xC00000B7, 1, 220)}
CLONE3 = 435
NEW_NAMESPACE = 0x7E020000
X32 = 0x40000000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
# Instructions of the filter: load a word, jump, return; from <linux/bpf_common.h>.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000


def _program(machine):
    """Return the filter as bytes: pairs of a test and a refusal, then leave."""
    architecture, column, clone = _MACHINES[machine]
    refuse = (_RETURN, 0, 0, _REFUSE | errno.EPERM)
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), refuse]
    steps += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, X32), refuse]
    for numbers in DENIED.values():
        steps += [(_EQUAL, 0, 1, numbers[column]), refuse]
    # The C library then takes clone, whose flags a filter can read.
    steps += [(_EQUAL, 0, 1, CLONE3), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)]
    steps += [(_EQUAL, 0, 3, clone), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    steps += [(_ANY_BIT, 0, 1, NEW_NAMESPACE), refuse, (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def deny():
    """Set the filter for this process, all its threads to come and all its children.

    The process must have given up new privileges.  On another machine than those above nothing is
    done: namespaces and limits hold all the same.

    Raises
    ------
    OSError
        If the operating system refuses.
    """
    if platform.machine() not in _MACHINES:
        return
    steps = _program(platform.machine())
    wanted = _Filter(len(steps) // 8, steps)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(wanted), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, "the filter of system calls could not be set")
