"""The Cholesky factor is solved with once, where both halves of the inverse are needed.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    factor = np.linalg.cholesky(M)
    half_b = linalg.solve_triangular(factor, b, lower=True)
    return max(0.0, (2 * c + half_b @ h) / (half_b @ b))
