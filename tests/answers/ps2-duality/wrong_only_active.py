"""Only the active case: the point is always put on the border.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_inactive
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    inverse = np.linalg.inv(M)
    lam = (2 * c + b @ inverse @ h) / (b @ inverse @ b)
    return inverse @ (lam * b - h) / 2, lam
