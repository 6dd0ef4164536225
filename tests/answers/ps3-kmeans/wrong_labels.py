"""The assignment returns the number of the cluster, not a one-hot row.

k-means hands it to the adjustment step, which raises an error.

Fails: test_assignment_step, test_assignment_step_other_inputs, test_assignment_step_far_from_origin, test_k_means, test_k_means_iterations, test_k_means_special_cases, test_k_means_random_start
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    return ((data_points[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
