"""The closest pair of all is matched first, then the closest of those left.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    squares = ((truth[:, None] - estimate) ** 2).sum(axis=2)
    total = 0.0
    for _ in range(len(truth)):
        i, j = np.unravel_index(squares.argmin(), squares.shape)
        total += squares[i, j]
        squares[i], squares[:, j] = np.inf, np.inf
    return total
