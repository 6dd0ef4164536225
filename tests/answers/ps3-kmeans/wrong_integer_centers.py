"""The adjustment keeps the type of the data, so that integer data have integer centres.

k-means inherits the mistake and passes.

Fails: test_adjustment_step_other_inputs
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    k = assignments_one_hot.shape[1]
    centers = np.zeros((k, data_points.shape[1]), dtype=data_points.dtype)
    for j in range(k):
        own = data_points[assignments_one_hot[:, j] == 1]
        if len(own) > 0:
            centers[j] = own.mean(axis=0)
    return centers
