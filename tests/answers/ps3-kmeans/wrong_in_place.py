"""The adjustment divides the assignment by the counts in place, which changes its argument.

Integers and booleans cannot be divided in place. k-means returns what is left, and passes.

Fails: test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    assignments_one_hot /= np.maximum(assignments_one_hot.sum(axis=0), 1)
    return assignments_one_hot.T @ data_points
