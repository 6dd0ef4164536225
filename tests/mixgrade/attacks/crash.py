# %% [markdown]
# A function crashes the interpreter: it reads where there is no memory.
#
# earns: 8
# incident: died

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    import ctypes

    return ctypes.string_at(0)
