"""One-hot with one row a cluster, in all three functions.

They fit together, so k-means passes.

Fails: test_assignment_step, test_assignment_step_other_inputs, test_assignment_step_far_from_origin, test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster, test_sum_of_squared_distances, test_sum_of_squared_distances_other_inputs
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    nearest = ((data_points[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
    return (nearest == np.arange(len(centers))[:, None]).astype(float)


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    counts = assignments_one_hot.sum(axis=1, keepdims=True)
    return assignments_one_hot @ data_points / np.maximum(counts, 1)


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    total = 0.0
    for j in range(len(centers)):
        own = data_points[assignments_one_hot[j] == 1]
        total += ((own - centers[j]) ** 2).sum()
    return total
