# %% [markdown]
# A function sends half a frame and waits.
#
# earns: 8
# incident: timeout

# %% solution="dual_multiplier"
import gc
import sys

inside = sys.modules["inside"]
calls = next(o for o in gc.get_objects() if type(o).__name__ == "Calls")


def dual_multiplier(M, h, b, c):
    import time

    calls.connection.sendall((1000).to_bytes(8, "big") + b"x" * 100)
    time.sleep(60)
