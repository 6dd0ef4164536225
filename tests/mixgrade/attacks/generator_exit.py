# %% [markdown]
# A function raises what ends loops and generators.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    raise StopIteration(2.0) if c > 0 else GeneratorExit
