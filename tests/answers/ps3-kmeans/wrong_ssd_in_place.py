"""The SSD subtracts the centres from the points in place, which changes its argument.

Integers have no place for the difference, and read-only arrays none at all. k-means hands it copies
and passes.

Fails: test_sum_of_squared_distances_other_inputs
"""


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    data_points -= centers[np.argmax(assignments_one_hot, axis=1)]
    return (data_points**2).sum()


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = data_points[rng.choice(len(data_points), size=k, replace=False)].astype(float)
    ssd_history, centers_history, previous = [], [centers], None
    for _ in range(max_iter):
        one_hot = assignment_step(data_points, centers)
        ssd_history.append(sum_of_squared_distances(data_points * 1.0, centers, one_hot))
        centers = adjustment_step(data_points, one_hot)
        ssd_history.append(sum_of_squared_distances(data_points * 1.0, centers, one_hot))
        centers_history.append(centers)
        if previous is not None and np.array_equal(one_hot, previous):
            break
        previous = one_hot
    return one_hot, centers, ssd_history, centers_history
