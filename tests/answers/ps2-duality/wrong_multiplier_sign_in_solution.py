"""The sign of the multiplier is wrong in the solution: it moves away from the feasible half.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    return -np.linalg.solve(M, lam * b + h) / 2, lam
