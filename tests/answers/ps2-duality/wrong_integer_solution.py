"""The point is written into an array of the type of h: whole numbers stay whole.

Fails: test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    x = np.zeros_like(h)
    x[:] = np.linalg.solve(M, lam * b - h) / 2
    return x, lam
