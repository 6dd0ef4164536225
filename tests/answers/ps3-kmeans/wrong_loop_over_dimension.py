"""The assignment compares as many centres as there are dimensions.

The rest is right: k-means inherits the mistake and passes.

Fails: test_assignment_step, test_assignment_step_other_inputs, test_assignment_step_far_from_origin
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    n, d = data_points.shape
    squares = np.full((n, len(centers)), np.inf)
    for j in range(min(d, len(centers))):
        squares[:, j] = ((data_points - centers[j]) ** 2).sum(axis=1)
    return np.eye(len(centers))[squares.argmin(axis=1)]
