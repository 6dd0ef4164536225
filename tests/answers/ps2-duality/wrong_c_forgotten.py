"""The bound c is forgotten in the numerator.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse_b = np.linalg.solve(M, b)
    return max(0.0, (inverse_b @ h) / (inverse_b @ b))
