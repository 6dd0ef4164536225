"""Right by SciPy, with True and False, a start anywhere in the box of the data, and no early stop.

An empty cluster gets a random point of the data.

Fails: none
"""

# %% solution="assignment_step"
from scipy import spatial


def assignment_step(data_points, centers):
    _, nearest = spatial.KDTree(centers).query(data_points)
    return nearest[:, None] == np.arange(len(centers))


# %% solution="adjustment_step"
from scipy import ndimage


def adjustment_step(data_points, assignments_one_hot):
    k = assignments_one_hot.shape[1]
    labels = np.argmax(assignments_one_hot, axis=1)
    columns = data_points.astype(float).T
    centers = np.array([ndimage.mean(column, labels, np.arange(k)) for column in columns]).T
    return np.nan_to_num(centers)


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    labels = np.flatnonzero(assignments_one_hot) % len(centers)
    return np.linalg.norm(data_points - centers[labels]) ** 2


# %% solution="k_means"
from scipy.cluster import vq
from scipy.spatial import distance


def k_means(data_points, k, rng, max_iter=100):
    x = data_points * 1.0
    centers = rng.uniform(x.min(axis=0), x.max(axis=0), size=(k, x.shape[1]))
    path, history = np.empty((max_iter + 1, k, x.shape[1])), np.empty((max_iter, 2))
    path[0] = centers
    for t in range(max_iter):
        labels, distances = vq.vq(x, path[t])
        history[t, 0] = distances @ distances
        for j in range(k):
            own = x[labels == j]
            path[t + 1, j] = own.mean(axis=0) if len(own) else x[rng.integers(len(x))]
        history[t, 1] = distance.cdist(x, path[t + 1], "sqeuclidean")[
            np.arange(len(x)), labels
        ].sum()
    return np.eye(k, dtype=bool)[labels], path[-1], history.ravel(), path
