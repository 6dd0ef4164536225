"""The assignment is by largest distance and the adjustment gives sums, but k-means has right steps of its own.

Only the two steps are wrong.

Fails: test_assignment_step, test_assignment_step_other_inputs, test_assignment_step_far_from_origin, test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    squares = ((data_points[:, None] - centers) ** 2).sum(axis=2)
    return np.eye(len(centers))[(-squares).argmin(axis=1)]


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    return assignments_one_hot.T @ data_points


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    centers = rng.choice(data_points, size=k, replace=False).astype(float)
    ssd_history, centers_history, old = [], [centers], None
    for _ in range(max_iter):
        squares = ((data_points[:, None] - centers) ** 2).sum(axis=2)
        labels = squares.argmin(axis=1)
        ssd_history.append(squares.min(axis=1).sum())
        centers = centers.copy()
        for j in range(k):
            if (labels == j).any():
                centers[j] = data_points[labels == j].mean(axis=0)
        ssd_history.append(((data_points - centers[labels]) ** 2).sum())
        centers_history.append(centers)
        if old is not None and (labels == old).all():
            break
        old = labels
    return np.eye(k)[labels], centers, ssd_history, centers_history
