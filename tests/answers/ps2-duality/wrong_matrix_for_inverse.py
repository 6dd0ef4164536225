"""The solution multiplies by M where its inverse belongs.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs, test_solve_constrained_quadratic_inactive
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    return M @ (lam * b - h) / 2, lam
