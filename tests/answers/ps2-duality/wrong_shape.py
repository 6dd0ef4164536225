"""A matrix with one entry is returned in place of a number.

The solution hands it on and passes.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    column, linear = b.reshape(-1, 1), h.reshape(-1, 1)
    inverse = np.linalg.inv(M)
    return np.maximum(0, (2 * c + column.T @ inverse @ linear) / (column.T @ inverse @ column))


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    return np.linalg.solve(M, (lam * b - h).ravel()) / 2, lam
