"""A free minimum that is close to the border is taken for feasible, and nothing is moved.

Fails: test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    x = -np.linalg.solve(M, h) / 2
    if b @ x > c or np.isclose(b @ x, c, atol=1e-4):
        return x, 0.0
    inverse_b = np.linalg.solve(M, b)
    lam = 2 * (c - b @ x) / (b @ inverse_b)
    return x + lam * inverse_b / 2, lam
