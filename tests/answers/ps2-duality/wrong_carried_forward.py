"""The multiplier is half of what it should be; the solution inherits the mistake and passes.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse_b = np.linalg.solve(M, b)
    return max(0.0, (c + inverse_b @ h / 2) / (inverse_b @ b))


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    return np.linalg.inv(2 * M) @ (lam * b - h), lam
