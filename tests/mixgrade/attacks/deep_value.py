# %% [markdown]
# A function returns lists in lists without end.
#
# earns: 8

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    value = []
    if c == 2:
        value.append(value)
    for _ in range(10_000):
        value = [value]
    return value
