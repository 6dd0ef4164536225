"""The right-hand side is built in the array of h.

Fails: test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    h -= lam * b
    return -np.linalg.solve(M, h) / 2, lam
