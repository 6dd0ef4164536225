# %% [markdown]
# A function raises an exception that is no Exception.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    raise BaseException("out of here")
