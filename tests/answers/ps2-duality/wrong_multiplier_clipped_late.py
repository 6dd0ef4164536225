"""The point is computed before the multiplier is cut off at 0.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_inactive
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    inverse = np.linalg.inv(M)
    lam = (2 * c + b @ inverse @ h) / (b @ inverse @ b)
    x = inverse @ (lam * b - h) / 2
    return x, max(0.0, lam)
