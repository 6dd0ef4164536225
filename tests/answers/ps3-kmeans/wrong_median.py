"""The adjustment takes the median of the cluster's points instead of their mean.

k-means inherits the mistake and passes.

Fails: test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    k = assignments_one_hot.shape[1]
    centers = np.zeros((k, data_points.shape[1]))
    for j in range(k):
        own = data_points[assignments_one_hot[:, j] == 1]
        if len(own) > 0:
            centers[j] = np.median(own, axis=0)
    return centers
