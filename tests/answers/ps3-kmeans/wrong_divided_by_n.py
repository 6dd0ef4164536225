"""The adjustment divides by the number of all points.

k-means inherits the mistake and passes.

Fails: test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    return assignments_one_hot.T @ data_points / len(data_points)
