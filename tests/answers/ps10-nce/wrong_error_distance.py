"""Distances are summed, not their squares.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    distances = spatial.distance.cdist(estimate, truth)
    closest = distances.argmin(axis=1)
    return len(set(closest)) == len(truth), distances.min(axis=1).sum()
