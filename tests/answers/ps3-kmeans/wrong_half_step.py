"""k-means records the SSD after the adjustment, and again after the next assignment.

The history is late by half an iteration.

Fails: test_k_means, test_k_means_iterations, test_k_means_special_cases
"""


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = data_points[rng.choice(len(data_points), size=k, replace=False)].astype(float)
    ssd_history, centers_history, previous = [], [centers], None
    one_hot = assignment_step(data_points, centers)
    for _ in range(max_iter):
        centers = adjustment_step(data_points, one_hot)
        centers_history.append(centers)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        previous, one_hot = one_hot, assignment_step(data_points, centers)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        if np.array_equal(one_hot, previous):
            break
    return one_hot, centers, np.array(ssd_history), np.array(centers_history)
