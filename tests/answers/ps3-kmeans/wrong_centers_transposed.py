"""The adjustment returns one column a cluster.

k-means hands its result to the assignment step, which raises an error or compares the wrong numbers.

Fails: test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster, test_k_means, test_k_means_iterations, test_k_means_special_cases, test_k_means_random_start
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    counts = np.maximum(assignments_one_hot.sum(axis=0), 1)
    return data_points.T @ assignments_one_hot / counts
