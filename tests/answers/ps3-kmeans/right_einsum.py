"""Right with einsum, ties to the last centre, small integers, and a start from a random division.

The start may hold equal centres: an empty cluster of it gets the first point.

Fails: none
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    differences = data_points[:, None, ::1] - centers[::-1]
    squares = np.einsum("nkd,nkd->nk", differences, differences)
    nearest = len(centers) - 1 - np.argmin(squares, axis=1)
    one_hot = np.zeros((len(data_points), len(centers)), dtype=np.int8)
    one_hot[np.arange(len(data_points)), nearest] = 1
    return one_hot


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    resp = np.asarray(assignments_one_hot, dtype=float)
    counts = np.einsum("nk->k", resp)
    centers = np.einsum("nk,nd->kd", resp, data_points) / np.where(counts == 0, 1, counts)[:, None]
    centers[counts == 0] = data_points[0]
    return centers


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    differences = data_points[:, None] - centers
    return np.einsum("nk,nkd,nkd->", assignments_one_hot, differences, differences)


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    division = np.eye(k)[rng.integers(k, size=len(data_points))]
    centers_history, ssd_history = [adjustment_step(data_points, division)], []
    while len(centers_history) <= max_iter:
        one_hot = assignment_step(data_points, centers_history[-1])
        before = sum_of_squared_distances(data_points, centers_history[-1], one_hot)
        centers = adjustment_step(data_points, one_hot)
        if np.array_equal(one_hot, division):
            break
        division = one_hot
        ssd_history += [before, sum_of_squared_distances(data_points, centers, one_hot)]
        centers_history.append(centers)
    return division, centers_history[-1], np.array(ssd_history), np.array(centers_history)
