"""Subtracts the closest true means from the estimates in place.

Fails: test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    closest = spatial.distance.cdist(estimate, truth).argmin(axis=1)
    estimate -= truth[closest]
    return len(set(closest)) == len(truth), (estimate**2).sum()
