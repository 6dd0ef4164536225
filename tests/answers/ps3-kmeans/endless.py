"""k-means never ends: it compares the assignment with a start that is never replaced.

Fails: test_k_means, test_k_means_iterations, test_k_means_special_cases, test_k_means_random_start
"""


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = data_points[rng.choice(len(data_points), size=k, replace=False)].astype(float)
    ssd_history, centers_history, previous = [], [centers], np.zeros((len(data_points), k))
    while True:
        one_hot = assignment_step(data_points, centers)
        # ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers = adjustment_step(data_points, one_hot)
        # ssd_history.append(sum_of_squared_distances(data_points, centers, one_hot))
        centers_history.append(centers)
        if np.array_equal(one_hot, previous):
            break
    return one_hot, centers, np.array(ssd_history), np.array(centers_history)
