"""The inverse of M is left out altogether, which is right only for M = I.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    return max(0.0, (2 * c + b @ h) / (b @ b))
