"""A true mean that is taken is not available to later estimates; a failure is reported, but with another error.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    free, ok, total = list(range(len(truth))), True, 0.0
    for point in estimate:
        squares = ((point - truth) ** 2).sum(axis=1)
        if squares.argmin() not in free:
            ok = False
        choice = min(free, key=lambda j: squares[j])
        free.remove(choice)
        total += squares[choice]
    return ok, total
