"""Right by matrix products of shifted points, a start from points drawn with replacement, no stop.

A shift by the mean of the centres leaves the distances as they are and makes the expanded square
safe. Equal centres at the start leave clusters empty: they go to the first point.

Fails: none
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    shift = np.mean(centers, axis=0)
    points, middles = data_points - shift, centers - shift
    half_squares = (middles * middles).sum(1) / 2 - points @ middles.T
    one_hot = np.zeros(half_squares.shape, dtype=bool)
    np.put_along_axis(one_hot, half_squares.argmin(axis=1, keepdims=True), True, axis=1)
    return one_hot


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    labels = np.asarray(assignments_one_hot).argmax(axis=1)
    centers = np.tile(data_points[0] * 1.0, (len(assignments_one_hot[0]), 1))
    for j in set(labels.tolist()):
        centers[j] = np.average(data_points[labels == j], axis=0)
    return centers


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    left = data_points - np.asarray(assignments_one_hot, dtype=float) @ centers
    return np.vdot(left, left)


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    path = [data_points[rng.integers(len(data_points), size=k)].astype(float)]
    ssd = np.empty((0,))
    for _ in range(max_iter):
        one_hot = assignment_step(data_points, path[-1])
        path.append(adjustment_step(data_points, one_hot))
        both = [sum_of_squared_distances(data_points, c, one_hot) for c in path[-2:]]
        ssd = np.append(ssd, both)
    return one_hot.astype(np.uint8), path[-1], list(ssd), tuple(path)
