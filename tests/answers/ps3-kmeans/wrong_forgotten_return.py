"""Adjustment step and k-means have no return.

Fails: test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster, test_k_means, test_k_means_iterations, test_k_means_special_cases, test_k_means_random_start
"""


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    counts = np.maximum(assignments_one_hot.sum(axis=0), 1)
    centers = assignments_one_hot.T @ data_points / counts[:, None]


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = data_points[rng.choice(len(data_points), size=k, replace=False)].astype(float)
    ssd_history, centers_history, previous = [], [centers], None
    for _ in range(max_iter):
        one_hot = assignment_step(data_points, centers)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers = adjustment_step(data_points, one_hot)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers_history.append(centers)
        if previous is not None and np.array_equal(one_hot, previous):
            break
        previous = one_hot
