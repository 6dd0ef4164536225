"""Right by loops, with lists returned, another start (k-means++) and a fresh final assignment.

The last, unchanging iteration is not recorded, and an empty cluster moves to a far point.

Fails: none
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    rows = []
    for x in data_points:
        distances = [np.linalg.norm(x - c) for c in centers]
        best = min(range(len(centers)), key=distances.__getitem__)
        rows.append([1 if j == best else 0 for j in range(len(centers))])
    return rows


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    n, d = data_points.shape
    centers = []
    for j in range(assignments_one_hot.shape[1]):
        total, count = [0.0] * d, 0
        for i in range(n):
            if assignments_one_hot[i, j]:
                count += 1
                for a in range(d):
                    total[a] += data_points[i, a]
        centers.append([t / count if count else 0.0 for t in total])
    return centers


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    total = 0
    for x, row in zip(data_points, assignments_one_hot):
        for c, own in zip(centers, row):
            if own:
                total += sum((a - b) ** 2 for a, b in zip(x, c))
    return total


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    print("k-means with", k, "clusters")
    x = np.array(data_points, dtype=float)
    # k-means++: each new centre far from those there are.
    centers = [x[rng.integers(len(x))]]
    while len(centers) < k:
        squares = np.min([((x - c) ** 2).sum(axis=1) for c in centers], axis=0)
        centers.append(x[rng.choice(len(x), p=squares / squares.sum())])
    ssd_history, centers_history, old = [], [np.array(centers).tolist()], None
    for _ in range(max_iter):
        one_hot = np.array(assignment_step(x, centers))
        if old is not None and (one_hot == old).all():
            break
        old = one_hot
        ssd_history.append(sum_of_squared_distances(x, centers, one_hot))
        nearest = np.min([((x - c) ** 2).sum(axis=1) for c in centers], axis=0)
        centers = np.array(adjustment_step(x, one_hot))
        centers[one_hot.sum(axis=0) == 0] = x[nearest.argmax()]
        ssd_history.append(sum_of_squared_distances(x, centers, one_hot))
        centers_history.append(centers.tolist())
    return assignment_step(x, centers), centers.tolist(), ssd_history, centers_history
