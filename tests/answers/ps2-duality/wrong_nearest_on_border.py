"""The free minimum is moved to the nearest point of the border, in the ordinary distance instead of that of M.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    x = -np.linalg.solve(M, h) / 2
    if b @ x < c:
        x = x + (c - b @ x) / (b @ b) * b
    return x, dual_multiplier(M, h, b, c)
