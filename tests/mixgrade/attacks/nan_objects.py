# %% [markdown]
# A function returns object arrays, masked arrays and arrays of structures.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    import numpy as np

    if c == 2:
        return np.array(None)
    if c == 4:
        return np.ma.masked
    return np.zeros((), dtype=[("a", float)])
