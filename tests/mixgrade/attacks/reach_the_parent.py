# %% [markdown]
# A cell reaches for the process that forked it.
#
# earns: 8

# %% own="first"
import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
for process in [-1, 0, os.getppid(), *range(2, 400)]:
    try:
        os.kill(process, 0 if process in (0, -1) else signal.SIGKILL)
        if process > 1:
            print("SIGNALLED", process)
    except ProcessLookupError:
        pass
    if process > 1 and libc.ptrace(16, process, None, None) == 0:
        print("ATTACHED", process)
for descriptor in range(64):
    try:
        print(descriptor, os.readlink(f"/proc/self/fd/{descriptor}"))
        print("SEEN", descriptor)
    except OSError:
        pass
for descriptor in range(4, 64):
    try:
        os.write(descriptor, b'{"event": "exited", "id": "1", "reason": "memory", "code": 0}')
    except OSError:
        pass
