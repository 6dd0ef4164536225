"""Squared distances as |x|^2 - 2 x c + |c|^2, which cancels far from the origin.

k-means inherits the mistake and passes.

Fails: test_assignment_step_far_from_origin, test_sum_of_squared_distances_other_inputs
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    squares = (
        (data_points**2).sum(axis=1)[:, None]
        - 2 * data_points @ centers.T
        + (centers**2).sum(axis=1)
    )
    return np.eye(len(centers))[squares.argmin(axis=1)]


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    squares = (
        (data_points**2).sum(axis=1)[:, None]
        - 2 * data_points @ centers.T
        + (centers**2).sum(axis=1)
    )
    return (assignments_one_hot * squares).sum()
