"""M is doubled in place, to hold the second derivatives; the caller keeps the doubled matrix.

The solution inherits the mistake, the doubled matrix included, and passes.

Fails: test_dual_multiplier_other_inputs
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    M *= 2
    inverse_b = np.linalg.solve(M, b)
    return max(0.0, (c + inverse_b @ h) / (inverse_b @ b))
