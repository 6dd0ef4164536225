"""All three functions compute in single precision.

k-means inherits the mistake and passes.

Fails: test_assignment_step_far_from_origin, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster, test_sum_of_squared_distances_other_inputs
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    points = np.asarray(data_points, dtype=np.float32)
    squares = ((points[:, None] - centers.astype(np.float32)) ** 2).sum(axis=2)
    return np.eye(len(centers), dtype=np.float32)[squares.argmin(axis=1)]


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    one_hot = np.asarray(assignments_one_hot, dtype=np.float32)
    sums = one_hot.T @ np.asarray(data_points, dtype=np.float32)
    return sums / np.maximum(one_hot.sum(axis=0), 1)[:, None]


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    points, centers = np.float32(data_points), np.float32(centers)
    return float(((points - centers[assignments_one_hot.argmax(axis=1)]) ** 2).sum())
