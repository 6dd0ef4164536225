# %% [markdown]
# A function asks for 10 GB at once.
#
# earns: 8
# incident: memory

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    import numpy as np

    return np.ones(10 * 2**27).sum()
