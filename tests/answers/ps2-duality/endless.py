"""The solution by bisection for the price, until the interval is empty: two neighbours never meet.

Only where the constraint is inactive does the interval shrink to 0 and the loop end.

Fails: test_solve_constrained_quadratic, test_solve_constrained_quadratic_other_inputs
"""


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    low, high = 0.0, 1e6
    while low < high:
        middle = (low + high) / 2
        if b @ np.linalg.solve(M, middle * b - h) / 2 < c:
            low = middle
        else:
            high = middle
    return np.linalg.solve(M, low * b - h) / 2, low
