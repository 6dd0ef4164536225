"""The multiplier forgets the maximum with 0; the solution is right on its own and passes.

Fails: test_dual_multiplier, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse_b = np.linalg.solve(M, b)
    return (2 * c + inverse_b @ h) / (inverse_b @ b)


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    x = -np.linalg.solve(M, h) / 2
    slack = b @ x - c
    if slack >= 0:
        return x, 0.0
    direction = np.linalg.solve(M, b)
    step = -slack / (b @ direction)
    return x + step * direction, 2 * step
