# %% [markdown]
# A cell answers checks with parts that are not what they should be.
#
# earns: 8

# %% own="first"
import gc
import sys

inside = sys.modules["inside"]
calls = next(o for o in gc.get_objects() if type(o).__name__ == "Calls")

original = type(calls).call
odd = iter(
    [
        {"value": 2.0, "warnings": 5},
        {"error": 7},
        {"error": {"kinds": 5, "text": [1]}},
        {"error": {"kinds": [("builtins", "KeyboardInterrupt"), 5], "text": None}},
        {"value": 2.0, "arguments": (5, 5)},
        {"value": 2.0, "arguments": ((None, None, None, None), {"M": 1})},
        {"n": [1, 2], "value": 1},
    ]
    * 20
)


def call(self, request):
    return next(odd) if request["name"] == "dual_multiplier" else original(self, request)


type(calls).call = call
