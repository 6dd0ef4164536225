"""Each true mean in turn takes the closest estimate that is left.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    squares = ((truth[:, None] - estimate) ** 2).sum(axis=2)
    left, total = list(range(len(estimate))), 0.0
    for i in range(len(truth)):
        best = min(left, key=lambda j: squares[i, j])
        total += squares[i, best]
        left.remove(best)
    return total
