# %% [markdown]
# A function sends frames that say wrong lengths.
#
# earns: 8
# incident: output

# %% solution="dual_multiplier"
import gc
import sys

inside = sys.modules["inside"]
calls = next(o for o in gc.get_objects() if type(o).__name__ == "Calls")


def dual_multiplier(M, h, b, c):
    calls.connection.sendall((2**62).to_bytes(8, "big") + b"x" * 100)
    return 2.0
