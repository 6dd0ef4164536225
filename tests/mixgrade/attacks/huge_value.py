# %% [markdown]
# A function returns 400 MB.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    import numpy as np

    return np.zeros(50_000_000)
