# %% [markdown]
# A cell changes signal handlers, limits and what is open.
#
# earns: 8

# %% own="first"
import os
import resource
import signal
import sys

sys.setrecursionlimit(50)
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
for name in ("DATA", "NPROC", "FSIZE", "CPU"):
    which = getattr(resource, f"RLIMIT_{name}")
    try:
        resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("RAISED", name)
    except (ValueError, OSError) as error:
        print(name, error)
os.environ.clear()
sys.path.clear()
sys.modules.clear()
