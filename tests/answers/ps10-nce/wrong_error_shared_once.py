"""Estimates that share a true mean are counted once in the error.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    best = {}
    for point in estimate:
        squares = ((point - truth) ** 2).sum(axis=1)
        j = int(squares.argmin())
        best[j] = min(best.get(j, np.inf), squares[j])
    return len(best) == len(truth), sum(best.values())
