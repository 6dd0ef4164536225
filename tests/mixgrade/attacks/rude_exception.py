# %% [markdown]
# A function raises an exception that cannot be put into words.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    class Rude(Exception):
        def __str__(self):
            if c == 2:
                raise RuntimeError("no words")
            return "x" * 10**8

        __repr__ = __str__

    raise Rude
