"""Two unknowns are taken for granted: the inverse of a 2 x 2 matrix is written out.

Fails: test_solve_constrained_quadratic_other_inputs, test_solve_constrained_quadratic_inactive
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    lam = dual_multiplier(M, h, b, c)
    right = lam * b - h
    determinant = M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0]
    first = (M[1, 1] * right[0] - M[0, 1] * right[1]) / determinant
    second = (M[0, 0] * right[1] - M[1, 0] * right[0]) / determinant
    return np.array([first, second]) / 2, lam
