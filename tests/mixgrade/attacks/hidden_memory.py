# %% [markdown]
# A cell puts 10 GB where no process has it mapped: memory files and System V segments.
#
# earns: 8
# incident: denied|memory

# %% own="first"
import ctypes
import os

kept = []
block = b"x" * 2**20
for _ in range(300):
    try:
        file = os.memfd_create("hidden")
        for _ in range(40):
            os.write(file, block)
        kept.append(file)
    except OSError as error:
        print("memory file:", error)
        break
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for _ in range(300):
    segment = libc.shmget(0, ctypes.c_size_t(40 * 2**20), 0o1600)
    if segment < 0:
        print("segment:", os.strerror(ctypes.get_errno()))
        break
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, 40 * 2**20)
    libc.shmdt(ctypes.c_void_p(place))
else:
    print("HIDDEN 10 GB")
if len(kept) == 300:
    print("HIDDEN 10 GB")
raise PermissionError(1, os.strerror(1))
