# %% [markdown]
# A cell makes namespaces and mounts of its own.
#
# earns: 8
# incident: denied

# %% own="first"
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x10020000):
    if os.fork() == 0:
        os._exit(0 if libc.unshare(flag) == 0 else 1)
    if os.wait()[1] == 0:
        print("NEW NAMESPACE", hex(flag))
for arguments in (
    (b"tmpfs", b"/scratch", b"tmpfs", 0, None),
    (b"proc", b"/proc", b"proc", 0, None),
    (None, b"/", None, 32 | 4096, None),
):
    if libc.mount(*arguments) == 0:
        print("MOUNTED", arguments)
for place in (b"/proc", b"/sockets", b"/dev/shm", b"/tmp"):
    if libc.umount2(place, 2) == 0:
        print("UNMOUNTED", place)
raise PermissionError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
