# %% [markdown]
# A function leaves with SystemExit, a cell too.
#
# earns: 8

# %% own="first"
import sys

sys.exit(0)


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    import sys

    sys.exit(0)
