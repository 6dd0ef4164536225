# %% [markdown]
# A function never returns.
#
# earns: 8
# incident: timeout

# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    while True:
        pass
