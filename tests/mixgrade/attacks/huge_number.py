# %% [markdown]
# A function returns numbers with very many digits.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    return 10**100_000 if c == 2 else -(10**2000)
