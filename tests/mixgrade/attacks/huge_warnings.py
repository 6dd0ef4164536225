# %% [markdown]
# A function warns without end, in long words.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    import warnings

    for k in range(10_000):
        warnings.warn(f"{k}" + "x" * 1000, UserWarning, stacklevel=1)
    return 2.0
