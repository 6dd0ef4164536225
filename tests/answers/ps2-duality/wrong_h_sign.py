"""The sign of h is wrong.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse = np.linalg.inv(M)
    return max(0.0, (2 * c - b @ inverse @ h) / (b @ inverse @ b))
