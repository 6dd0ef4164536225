"""The multiplier raises a ValueError: h and b are taken for columns.

The solution calls it and falls with it.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive, test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs, test_solve_constrained_quadratic_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    d, columns = b.shape
    inverse = np.linalg.inv(M)
    return max(0.0, ((2 * c + b.T @ inverse @ h) / (b.T @ inverse @ b)).item())
