"""The value of the objective is returned beside the point, not the multiplier.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs, test_solve_constrained_quadratic_inactive
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    x = np.linalg.solve(M, dual_multiplier(M, h, b, c) * b - h) / 2
    return x, x @ M @ x + x @ h
