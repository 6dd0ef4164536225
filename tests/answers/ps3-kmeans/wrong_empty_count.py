"""The adjustment divides by the count of an empty cluster, which gives nan.

The rest is right: k-means inherits the mistake and passes.

Fails: test_adjustment_step_empty_cluster
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    return assignments_one_hot.T @ data_points / assignments_one_hot.sum(axis=0)[:, None]
