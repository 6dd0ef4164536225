"""The constraint is ignored: the minimum without it is returned, with the multiplier beside it.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    return -np.linalg.solve(M, h) / 2, dual_multiplier(M, h, b, c)
