"""k-means returns the assignment of the iteration before the last.

Fails: test_k_means_iterations
"""


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = data_points[rng.choice(len(data_points), size=k, replace=False)].astype(float)
    ssd_history, centers_history, previous = [], [centers], None
    for _ in range(max_iter):
        older = one_hot if ssd_history else np.eye(k)[np.zeros(len(data_points), dtype=int)]
        one_hot = assignment_step(data_points, centers)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers = adjustment_step(data_points, one_hot)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers_history.append(centers)
        if previous is not None and np.array_equal(one_hot, previous):
            break
        previous = one_hot
    return older, centers, np.array(ssd_history), np.array(centers_history)
