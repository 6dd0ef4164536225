"""The assignment step raises an error: the shape of np.zeros is not a tuple.

k-means calls it and falls with it.

Fails: test_assignment_step, test_assignment_step_other_inputs, test_assignment_step_far_from_origin, test_k_means, test_k_means_iterations, test_k_means_special_cases, test_k_means_random_start
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    one_hot = np.zeros(len(data_points), len(centers))
    for i, x in enumerate(data_points):
        one_hot[i, np.argmin([np.linalg.norm(x - c) for c in centers])] = 1
    return one_hot
