"""The three functions are right, but k-means has its own distances, which cancel far from the origin.

Fails: test_k_means_iterations
"""


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = data_points[rng.choice(len(data_points), size=k, replace=False)].astype(float)
    norms = (data_points**2).sum(axis=1)[:, None]
    ssd_history, centers_history, previous = [], [centers], None
    for _ in range(max_iter):
        squares = norms - 2 * data_points @ centers.T + (centers**2).sum(axis=1)
        one_hot = np.eye(k)[squares.argmin(axis=1)]
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers = adjustment_step(data_points, one_hot)
        ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers_history.append(centers)
        if previous is not None and np.array_equal(one_hot, previous):
            break
        previous = one_hot
    return one_hot, centers, ssd_history, centers_history
