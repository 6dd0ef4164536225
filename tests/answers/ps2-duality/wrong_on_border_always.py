"""The point of the border that is best, also where the free minimum is feasible; the multiplier is right.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_inactive
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    d = len(h)
    system = np.block([[2 * M, -b[:, None]], [b[None], np.zeros((1, 1))]])
    return np.linalg.solve(system, np.append(-h, c))[:d], dual_multiplier(M, h, b, c)
