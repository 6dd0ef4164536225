"""k-means makes a generator of its own with a fixed seed: every start is the same.

Fails: test_k_means_random_start
"""


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    rng = np.random.default_rng(42)
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
    return one_hot, centers, np.array(ssd_history), np.array(centers_history)
