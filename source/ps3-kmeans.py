# ---
# jupyter:
#   course:
#     notebook: kmeans
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # k-means
#
# You divide points into $K$ clusters, each with a centre, so that the points lie close to their centres.
# You write the two half-steps of k-means, the sum of squared distances that both of them lower, and the loop that puts them together.
# At the end your functions cluster two sets of 500 points, and you see the paths of the centres and the sum of squared distances fall.
# One of the two sets has no clusters at all, and a question on paper asks what that means.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - The two cells after the imports hold helpers of the checks; you need not read them.
# - After your submission further checks run on other inputs: other numbers of clusters and dimensions, integer arrays, empty clusters, points far from the origin.
# - A function never changes the arrays it is given.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of points | `n` | number |
# | $d$ | number of dimensions | `d` | number |
# | $K$ | number of clusters | `k` | number |
# | $x_i$ | point number $i$ | `data_points[i]` | `data_points` has `(n, d)` |
# | $c_k$ | centre of cluster $k$ | `centers[k]` | `centers` has `(k, d)` |
# | $a_{ik}$ | 1 if point $i$ belongs to cluster $k$, else 0 | `assignments_one_hot[i, k]` | `(n, k)` |
#
# A row of $a$ holds exactly one 1: a point belongs to one cluster.
# This way to write the clusters is called *one-hot*.
# Your functions may return any type of numbers for it (integers, floats, `True` and `False`), and must accept any.
#
# *Distance* is the Euclidean distance, $\lVert v \rVert = \sqrt{v_1^2 + \dots + v_d^2}$.

# %% given="imports"
import contextlib
import itertools

import matplotlib.pyplot as plt
import numpy as np

# %% given="checking"
from checking import (
    as_numbers,
    as_results,
    ask,
    assert_same,
    assert_unchanged,
    in_case,
    in_words,
    quiet,
)

# %% [markdown]
# ## Task 1: the assignment step
#
# The assignment step gives each point to its nearest centre:
#
# $$
# a_{ik} = 1 \text{ for the } k \text{ with the smallest } \lVert x_i - c_k \rVert, \qquad a_{ik} = 0 \text{ for every other } k .
# $$
#
# Where several centres are equally near, the point goes to any one of them, and only to one.
# The result has shape `(n, k)`: one row a point, one column a cluster.
#
# **Watch out.**
# The nearest centre is a matter of distance, not of direction.
# The data may have any number of dimensions.
# They may also lie far from the origin, with coordinates around $10^8$ that differ by 1.
# In floating point the terms of $\lVert x \rVert^2 - 2 x^\top c + \lVert c \rVert^2$ are then so large that their sum is wrong.


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    """Give each point to its nearest centre.

    Parameters
    ----------
    data_points : ndarray, shape (n, d)
        Points.
    centers : ndarray, shape (k, d)
        Centres.

    Returns
    -------
    ndarray, shape (n, k)
        One-hot assignment: one 1 a row, in the column of the nearest centre, and 0 elsewhere.
    """
    ### BEGIN SOLUTION
    differences = data_points[:, None] - centers  # (n, k, d)
    nearest = (differences**2).sum(axis=2).argmin(axis=1)  # (n,)
    return np.eye(len(centers))[nearest]
    ### END SOLUTION


# %% check="test_assignment_step" points=1
# Five points and three centres in the plane.
data_points = np.array([[1.0, 2.0], [9.0, 1.0], [2.0, 8.5], [3.0, 0.5], [8.0, 3.0]])
centers = np.array([[2.0, 2.0], [10.0, 2.0], [2.0, 10.0]])
one_hot = as_numbers(
    ask(assignment_step, data_points.copy(), centers.copy()),
    (5, 3),
    "assignment of 5 points to 3 centres",
    "One row a point, one column a centre.",
)
assert np.all((one_hot == 0) | (one_hot == 1)), (
    f"expected only 0 and 1; came the values {np.unique(one_hot)[:5]}. Not distances, and not the "
    "number of the cluster: a 1 in its column"
)
assert_same(
    one_hot.sum(axis=1), [1] * 5, "sums of the rows", "Each point belongs to exactly one cluster."
)
assert_same(
    one_hot.argmax(axis=1),
    [0, 1, 2, 0, 1],
    "clusters of the five points",
    "Smallest distance, or largest? Distance, or direction? Do you compare all centres?",
)

# A point half-way between two centres goes to one of them, and only to one.
what = "a point half-way between two centres"
one_hot = ask(assignment_step, np.array([[0.0, 5.0]]), np.array([[-2.0, 5.0], [2.0, 5.0]]))
one_hot = as_numbers(one_hot, (1, 2), what, "One row a point, one column a centre.")
assert one_hot.tolist() in ([[1, 0]], [[0, 1]]), (
    f"{what}: expected [[1, 0]] or [[0, 1]]; came {one_hot.tolist()}. One of the two, not both"
)

# %% check="test_assignment_step_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, more centres than points, equal
# centres, badly scaled data, integer arrays, read-only arrays), and that the arguments stay as
# they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
cases = []
for name, n, d, k, scales in [
    ("d = 2, k = 4", 20, 2, 4, [1, 1]),
    ("d = 5, k = 3", 20, 5, 3, [1, 2, 0.5, 1, 3]),
    ("d = 3, k = 2", 15, 3, 2, [1, 1, 1]),
    ("d = k = n = 3", 3, 3, 3, [1, 1, 1]),
    ("d = 2, k = 2", 12, 2, 2, [1, 2]),
    ("d = 1, k = 6", 20, 1, 6, [2]),
    ("k = 1", 6, 2, 1, [1, 1]),
    ("n = 1, k = 1", 1, 3, 1, [1, 1, 1]),
    ("n = 1, k = 3", 1, 2, 3, [1, 1]),
    ("n = 2, k = 5", 2, 2, 5, [1, 1]),
    ("badly scaled data", 20, 2, 3, [1e-3, 1e3]),
    ("small numbers", 20, 3, 4, [1e-6, 1e-6, 1e-6]),
]:
    cases.append((name, scales * rng.normal(1, 2, (n, d)), scales * rng.normal(1, 2, (k, d))))
cases += [
    ("same direction", np.array([[2.0, 2.1], [9.0, 9.0]]), np.array([[2.0, 2.0], [20.0, 21.0]])),
    ("no direction", np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[3.0, 0.0], [0.0, 0.0]])),
    ("straight and slanting", np.zeros((1, 2)), np.array([[0.0, 5.0], [3.0, 3.0]])),
    ("straight and slanting", np.zeros((1, 2)), np.array([[3.0, 3.0], [4.0, 0.0]])),
    ("signs", np.array([[-5.0, 1.0], [5.0, -1.0]]), np.array([[5.0, 1.0], [-5.0, -1.0]])),
    ("equal centres", rng.normal(size=(6, 2)), np.array([[0.0, 1], [0, 1], [0, -1], [0, -1]])),
    ("integers", rng.integers(-50, 50, (20, 3)), rng.integers(-50, 50, (4, 3))),
    ("integer points", rng.integers(-5, 5, (20, 2)), np.array([[0.3, 0.1], [-2.7, 1.9]])),
    ("read-only arrays", rng.normal(size=(8, 3)), rng.normal(size=(2, 3))),
]
for name, data_points, centers in cases:
    (n, d), k = data_points.shape, len(centers)
    squares = np.array([[np.sum((x - c) ** 2.0) for c in centers] for x in data_points])  # (n, k)
    arguments = [data_points.copy(), centers.copy()]
    for argument in arguments:
        argument.setflags(write=name != "read-only arrays")
    with in_case(name):
        one_hot = ask(assignment_step, *arguments)
        assert_unchanged("data_points, centers", (data_points, centers), arguments)
        hint = "One row a point, one column a centre."
        one_hot = as_numbers(one_hot, (n, k), "assignment", hint)
        assert np.all((one_hot == 0) | (one_hot == 1)), (
            f"expected only 0 and 1; came the values {np.unique(one_hot)[:5]}. Not distances, and "
            "not the number of the cluster"
        )
        hint = "Exactly one 1 for each point, also where two centres are equally near."
        assert_same(one_hot.sum(axis=1), [1] * n, "sums of the rows", hint)
        for i, (x, row, own) in enumerate(zip(data_points, squares, one_hot, strict=True)):
            chosen, nearest = int(own.argmax()), int(row.argmin())
            assert row[chosen] <= row[nearest] * (1 + 1e-8), (
                f"point {i}, {np.array2string(x, precision=4)}: expected centre {nearest}, at the "
                f"squared distance {row[nearest]:.6g}; came centre {chosen}, at {row[chosen]:.6g}. "
                "Is it the smallest Euclidean distance, over all dimensions and all centres?"
            )
### END HIDDEN TESTS

# %% check="test_assignment_step_far_from_origin" points=1
# Hidden check: points with coordinates around 100 million that differ by a few units.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
for n, offset in [
    (40, np.array([1e8, 1e8])),
    (40, np.array([3e8])),
    (40, np.array([-2e8, 1e8, 0.0])),
]:
    data_points = offset + rng.normal(0, 2, (n, len(offset)))
    centers = offset + rng.normal(0, 2, (3, len(offset)))
    squares = ((data_points[:, None] - centers) ** 2).sum(axis=2)
    one_hot = as_numbers(
        ask(assignment_step, data_points.copy(), centers.copy()),
        (n, 3),
        "points far from the origin",
        "One row a point, one column a centre.",
    )
    one_hot = one_hot.astype(float)
    assert np.all((one_hot == 0) | (one_hot == 1)) and np.all(one_hot.sum(axis=1) == 1), (
        "points far from the origin: expected exactly one 1 in each row, and 0 elsewhere; came a "
        f"row {one_hot[np.argmax((one_hot != 0).sum(axis=1) != 1)].tolist()}. One cluster a point?"
    )
    # A margin, for other ways to compute a distance.
    wrong = np.sum((one_hot * squares).sum(axis=1) > squares.min(axis=1) * (1 + 1e-4) + 1e-5)
    assert wrong == 0, (
        f"points around {offset}: expected all {n} points at their nearest centre; {wrong} are "
        "not. Is it the Euclidean distance? How many digits are left when you subtract two very "
        "large squares?"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the adjustment step
#
# The adjustment step moves each centre to the mean of its points.
# With $n_k = \sum_{i=1}^n a_{ik}$, the number of points of cluster $k$,
#
# $$
# c_k = \frac{1}{n_k} \sum_{i=1}^n a_{ik} \, x_i .
# $$
#
# The result has shape `(k, d)`.
# A cluster may be empty.
# Then $n_k = 0$, and the formula says nothing.
# The cluster keeps its row, and you choose its centre: any finite numbers will do.
#
# **Watch out.**
# The mean of integers is not an integer.
# The zeros and ones may be `True` and `False`, integers or floats.


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    """Move each centre to the mean of its points.

    Parameters
    ----------
    data_points : ndarray, shape (n, d)
        Points.
    assignments_one_hot : ndarray, shape (n, k)
        One 1 a row, in the column of the point's cluster; a column may be all 0.

    Returns
    -------
    ndarray, shape (k, d)
        Centres; finite also for a cluster without points.
    """
    ### BEGIN SOLUTION
    counts = assignments_one_hot.sum(axis=0)[:, None]  # (k, 1)
    sums = assignments_one_hot.T @ data_points  # (k, d)
    return np.where(counts > 0, sums / np.maximum(counts, 1), data_points.mean(axis=0))
    ### END SOLUTION


# %% check="test_adjustment_step" points=1
# Two points in the first cluster, three in the second.
data_points = np.array(
    [[0.0, 1.0, 5.0], [4.0, 0.0, 1.0], [2.0, 4.0, 6.0], [6.0, 2.0, 2.0], [5.0, 1.0, 6.0]]
)
one_hot = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
centers = as_numbers(
    ask(adjustment_step, data_points.copy(), one_hot.copy()),
    (2, 3),
    "2 clusters of points with 3 coordinates",
    "One row a cluster. Is a transpose missing?",
)
assert_same(
    centers,
    [[1.0, 2.5, 5.5], [5.0, 1.0, 3.0]],
    "centres of two clusters",
    "Each row is the mean of the cluster's own points. What do you divide by?",
)

# The same clusters as True and False, and as integers.
for kind in (bool, int):
    assert_same(
        ask(adjustment_step, data_points.copy(), one_hot.astype(kind)),
        [[1.0, 2.5, 5.5], [5.0, 1.0, 3.0]],
        f"the same clusters, assignment of type {kind.__name__}",
        "The zeros and ones may have any type.",
    )

# %% check="test_adjustment_step_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, every type of 0 and 1, badly
# scaled data, integer arrays, read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)
cases = []
for name, n, d, k, scales, kind in [
    ("d = 2, k = 4", 30, 2, 4, [1, 1], float),
    ("d = 5, k = 3", 20, 5, 3, [1, 2, 0.5, 1, 3], bool),
    ("d = 3, k = 2", 15, 3, 2, [1, 1, 1], int),
    ("d = k = n = 2", 2, 2, 2, [1, 2], float),
    ("d = k = 3", 12, 3, 3, [1, 1, 1], np.uint8),
    ("d = 1, k = 6", 40, 1, 6, [2], np.int8),
    ("k = 1", 6, 2, 1, [1, 1], np.float32),
    ("300 points in one cluster", 301, 2, 2, [1, 1], np.uint8),
    ("n = 1, k = 1", 1, 3, 1, [1, 1, 1], float),
    ("badly scaled data", 20, 2, 3, [1e-3, 1e3], float),
    ("points far from the origin", 20, 2, 3, [1, 1], float),
    ("read-only arrays", 7, 3, 2, [1, 1, 1], float),
]:
    labels = np.maximum(rng.integers(-4, k, n), 0)  # clusters of unequal sizes
    labels[:k] = rng.permutation(k)  # and none of them empty
    if n == 301:
        labels[1:] = labels[1]
    data_points = scales * rng.normal(1, 2, (n, d)) + (1e6 if "far" in name else 0)
    cases.append((name, data_points, np.eye(k)[labels].astype(kind)))
whole = rng.integers(-20, 20, (11, 2))
for kind in (int, bool, float):
    cases.append(("integer points", whole, np.eye(3)[np.arange(11) % 3].astype(kind)))
for name, data_points, one_hot in cases:
    expected = np.array([data_points[column == 1].mean(axis=0) for column in one_hot.T])
    arguments = [data_points.copy(), one_hot.copy()]
    for argument in arguments:
        argument.setflags(write=name != "read-only arrays")
    with in_case(f"{name}, assignment of type {one_hot.dtype}"):
        centers = ask(adjustment_step, *arguments)
        assert_unchanged("data_points, assignments_one_hot", (data_points, one_hot), arguments)
        assert_same(
            centers,
            expected,
            "centres",
            "One row a cluster: the mean over its own points, as real numbers?",
            atol=1e-12 * np.abs(data_points).max(axis=0),
        )
### END HIDDEN TESTS

# %% check="test_adjustment_step_empty_cluster" points=1
# Hidden check: clusters without points keep their row and get a finite centre; the others get
# their mean.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(22)
for name, labels, k, d, kind in [
    ("the last cluster is empty", [0, 1, 1, 0, 1], 3, 2, float),
    ("the first cluster is empty", [1, 2, 2, 2, 1, 1], 3, 3, int),
    ("two clusters in the middle are empty", [3, 0, 0, 3, 3, 0], 4, 1, bool),
    ("all points in one cluster", [2, 2, 2, 2], 4, 2, float),
    ("n = 1, k = 3", [1], 3, 2, float),
]:
    data_points = rng.normal(2, 3, (len(labels), d))
    one_hot = np.eye(k)[labels].astype(kind)
    with in_case(name):
        centers = as_numbers(
            ask(adjustment_step, data_points.copy(), one_hot.copy()),
            (k, d),
            "centres",
            "A row for each cluster, and finite numbers in it. What do you do where the number of "
            "points is 0?",
        )
        for j in sorted(set(labels)):
            assert_same(
                centers[j],
                data_points[np.array(labels) == j].mean(axis=0),
                f"centre of cluster {j}",
                "A cluster with points gets their mean, in its own row.",
                atol=1e-12,
            )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the sum of squared distances
#
# The sum of squared distances (SSD) measures how well given centres and a given assignment describe the points:
#
# $$
# \mathrm{SSD}(c, a) = \sum_{i=1}^n \sum_{k=1}^K a_{ik} \, \lVert x_i - c_k \rVert^2 .
# $$
#
# It is one number, in squared units of the data.
# It uses the centres and the assignment that it is given, whether or not each point sits in the cluster of its nearest centre, and whether or not each centre is the mean of its points.
#
# **Watch out.**
# It is a sum, not a mean, and it has no square root.
# Only the distance to a point's own centre counts.
# It must be right far from the origin too.


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    """Return the sum of squared distances of the points to the centres of their clusters.

    Parameters
    ----------
    data_points : ndarray, shape (n, d)
        Points.
    centers : ndarray, shape (k, d)
        Centres.
    assignments_one_hot : ndarray, shape (n, k)
        One 1 a row, in the column of the point's cluster.

    Returns
    -------
    float
        Summed over the points.
    """
    ### BEGIN SOLUTION
    own_centers = centers[assignments_one_hot.argmax(axis=1)]  # (n, d)
    return float(((data_points - own_centers) ** 2).sum())
    ### END SOLUTION


# %% check="test_sum_of_squared_distances" points=1
# Squared distances to the own centres, point by point: 25, 1, 4 and 16.
data_points = np.array([[3.0, 4.0], [0.0, 1.0], [10.0, 2.0], [10.0, 4.0]])
centers = np.array([[0.0, 0.0], [10.0, 0.0], [7.0, 7.0]])
one_hot = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
assert_same(
    ask(sum_of_squared_distances, data_points.copy(), centers.copy(), one_hot.copy()),
    46.0,
    "SSD of four points, 25 + 1 + 4 + 16",
    "Squared, summed over all points, and only to the centre of the point's own cluster?",
)

# The assignment is the one given: here the second point is in a cluster that is not the nearest.
one_hot[1] = [0.0, 1.0, 0.0]
assert_same(
    ask(sum_of_squared_distances, data_points.copy(), centers.copy(), one_hot.copy()),
    146.0,
    "SSD with the second point in the second cluster, 25 + 101 + 4 + 16",
    "Do you use the assignment that you are given?",
)

# %% check="test_sum_of_squared_distances_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, any assignment, every type of 0
# and 1, badly scaled data, points far from the origin or on their centre, integer arrays, read-only
# arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(31)
cases = []
for name, n, d, k, scales, kind in [
    ("d = 2, k = 4", 30, 2, 4, [1, 1], float),
    ("d = 5, k = 3", 20, 5, 3, [1, 2, 0.5, 1, 3], bool),
    ("d = 3, k = 2", 15, 3, 2, [1, 1, 1], int),
    ("d = k = n = 2", 2, 2, 2, [1, 2], float),
    ("d = k = 3", 12, 3, 3, [1, 1, 1], np.uint8),
    ("d = 1, k = 6", 5, 1, 6, [2], np.int8),
    ("k = 1", 6, 2, 1, [1, 1], float),
    ("n = 1, k = 1", 1, 3, 1, [1, 1, 1], float),
    ("n = 1, k = 3", 1, 2, 3, [1, 1], bool),
    ("badly scaled data", 20, 2, 3, [1e-3, 1e3], float),
    ("small numbers", 20, 2, 3, [1e-6, 1e-6], float),
    ("points far from the origin", 20, 2, 3, [1, 1], float),
    ("read-only arrays", 5, 2, 2, [1, 1], float),
]:
    offset = 1e7 if "far" in name else 0
    data_points = scales * rng.normal(1, 2, (n, d)) + offset
    centers = scales * rng.normal(1, 2, (k, d)) + offset
    cases.append((name, data_points, centers, np.eye(k)[rng.integers(0, k, n)].astype(kind)))
whole = rng.integers(-20, 20, (11, 2))
for kind in (int, bool):
    one_hot = np.eye(3)[np.arange(11) % 3].astype(kind)
    cases.append(("integers", whole, np.array([[3, 4], [-5, 2], [0, 1]]), one_hot))
cases.append(("integer points", whole, np.array([[0.5, 4.25], [-5.5, 2.0], [0.1, 1.0]]), one_hot))
points = rng.normal(size=(4, 3))
cases.append(("every point on its centre", points, points[::-1], np.eye(4)[::-1]))
for name, data_points, centers, one_hot in cases:
    expected = 0.0
    for x, row in zip(data_points, one_hot, strict=True):
        expected += float(np.sum((x - centers[np.flatnonzero(row)[0]]) ** 2.0))
    before = (data_points, centers, one_hot)
    arguments = [part.copy() for part in before]
    for argument in arguments:
        argument.setflags(write=name != "read-only arrays")
    hint = "Squared, over all coordinates, to the own centre, summed over the points?"
    if "far" in name:
        hint += " How many digits are left when you subtract two very large squares?"
    with in_case(f"{name}, assignment of type {one_hot.dtype}"):
        value = ask(sum_of_squared_distances, *arguments)
        assert_unchanged("data_points, centers, assignments_one_hot", before, arguments)
        assert_same(value, expected, "SSD", hint, atol=1e-12 if "on its centre" in name else 0)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: k-means
#
# Draw $K$ centres with `rng`.
# How is up to you; a simple way takes $K$ different points of the data.
# Then iterate.
# One iteration is an assignment step, followed by an adjustment step.
#
# Stop as soon as an iteration changes no assignment, and after `max_iter` iterations at the latest.
# An earlier stop is wrong, even where the SSD falls by very little.
# (To go on until `max_iter` is not wrong, only slow.)
#
# Return four things.
#
# - `one_hot`: the assignment of the last iteration, or one made afresh with the final centres.
# - `centers`: the final centres.
# - `ssd_history`: two values an iteration, the SSD after the assignment step and the SSD after the adjustment step, in one flat list or array.
# - `centers_history`: the centres at the start, then the centres after each iteration, so that its shape is `(iterations + 1, k, d)`.
#
# The last iteration, which changes no assignment, may be recorded or left out.
# But do it wholly: either both its values of the SSD and its centres, or nothing of it.
#
# **Watch out.**
# The same generator state must give the same result, and another seed another start.
# So use nothing but `rng`: neither `np.random.seed` nor a generator of your own.
# If you change one array of centres in place, and store it again and again, then all entries of the history are the same array.


# %% solution="k_means"
def k_means(data_points, k, rng, max_iter=100):
    """Divide points into k clusters, from a random start.

    Parameters
    ----------
    data_points : ndarray, shape (n, d)
        Points.
    k : int
        Number of clusters.
    rng : numpy.random.Generator
        The only source of randomness.
    max_iter : int
        Largest number of iterations, at least 1.

    Returns
    -------
    one_hot : ndarray, shape (n, k)
        Assignment of the last iteration, or a fresh one with the final centres.
    centers : ndarray, shape (k, d)
        Final centres.
    ssd_history : ndarray, shape (2 * iterations,)
        Sum of squared distances after assignment, after adjustment, and so on.
    centers_history : ndarray, shape (iterations + 1, k, d)
        Centres at the start and after each iteration.
    """
    ### BEGIN SOLUTION
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
    ### END SOLUTION


# %% given="replay"
# Helpers of the checks of task 4. You need not read them.


def in_digits(numbers):
    """Return a row of numbers, each in a few digits."""
    return "[" + ", ".join(f"{number:.10g}" for number in np.ravel(numbers)) + "]"


def four_results(result, data_points, k, max_iter):
    """Return the four results of k_means, as arrays and a list of arrays, or say what they are."""
    one_hot, centers, ssd_history, history = as_results(
        result, "one_hot, centers, ssd_history, centers_history"
    )

    def usable(value, dimensions, shape, what):
        # What comes from the student's own steps may have another shape: the replay judges it.
        if (
            isinstance(value, np.ndarray)
            and value.ndim == dimensions
            and value.dtype.kind in "biuf"
        ):
            return value.astype(float)
        return as_numbers(value, shape, what, finite=False).astype(float)

    (n, d), moments = data_points.shape, []
    one_hot = usable(one_hot, 2, (n, k), "one_hot")
    centers = usable(centers, 2, (k, d), "centers")
    with contextlib.suppress(TypeError):
        moments = list(history)
    assert moments, (
        f"centers_history: expected shape (iterations + 1, {k}, {d}); came {in_words(history)}. "
        "The start comes first"
    )
    start = as_numbers(moments[0], (k, d), "centers_history[0], the start", finite=False)
    assert np.isfinite(start).any(), (
        f"centers_history[0], the start: expected finite numbers; came {in_digits(start[0])} as its "
        "first centre"
    )
    path = [usable(c, 2, (k, d), f"centers_history[{t}]") for t, c in enumerate(moments)]
    assert len(path) <= max_iter + 1, (
        f"expected at most {max_iter + 1} entries in centers_history, the start and one an "
        f"iteration; came {len(path)}. Does the loop heed max_iter?"
    )
    ssd_history = as_numbers(
        ssd_history,
        (2 * len(path) - 2,),
        f"ssd_history, where centers_history has {len(path)} entries, the start and "
        f"{len(path) - 1} iterations",
        "Two values an iteration, in one flat list. Is the start stored, and every iteration as a "
        "whole?",
        finite=False,
    )
    return one_hot, centers, ssd_history.astype(float), path


def assert_same_run(one, two):
    """Compare two runs from the same seed."""
    names = "one_hot, centers, ssd_history, centers_history"
    parts = [as_results(result, names) for result in (one, two)]
    for name, *pair in zip(names.split(", "), *parts, strict=True):
        rows = []
        for part in pair:
            row = np.array(None)
            with contextlib.suppress(TypeError, ValueError):
                row = np.concatenate([np.ravel(entry) for entry in part])
            assert row.dtype.kind in "biuf", f"{name}: expected numbers; came {in_words(part)}"
            rows.append(row)
        same = rows[0].shape == rows[1].shape
        assert same and np.allclose(*rows, rtol=1e-8, atol=0, equal_nan=True), (
            f"the same seed twice: expected the same {name}; came two different ones. Draw "
            "everything from rng"
        )


def replay_disagreement(results, argument, data_points, max_iter, assign, adjust, measure):
    """Replay a run of k-means from its own recorded start, with the steps that are given.

    ``argument`` is the array that k_means was given, as it is now; ``data_points`` is what it was.
    Returns None where the results agree with the steps, otherwise a sentence that says where the
    two part.
    """
    one_hot, centers, ssd_history, path = results
    iterations = len(path) - 1
    deviations = np.abs(data_points - data_points.mean(axis=0)).max(axis=0)  # (d,)
    rounding = 1e-15 * len(data_points) * np.abs(data_points).max(axis=0)  # (d,)
    tolerance = 1e-8 * deviations + rounding

    def difference(wanted, came):
        """Return where two sets of centres differ, in words."""
        if wanted.shape != came.shape:
            return f"expected shape {wanted.shape}; came shape {came.shape}"
        with np.errstate(all="ignore"):
            near = np.abs(came - wanted) <= tolerance + 1e-8 * np.minimum(
                np.abs(wanted), deviations
            )
        near |= (came == wanted) | (np.isnan(came) & np.isnan(wanted))
        if near.all():
            return None
        j = int(np.argmin(near.all(axis=1)))
        return f"expected {in_digits(wanted[j])} for centre {j}; came {in_digits(came[j])}"

    same = iterations > 0 and all(np.array_equal(moment, path[0]) for moment in path)
    hint = " All entries of centers_history are equal: is one array stored many times?"
    hint = hint if same else ""
    if not np.array_equal(argument, data_points):
        hint += " And data_points has changed: does the start share its memory?"
    reason = difference(path[-1], centers)
    if reason is not None:
        return f"centers and the last entry of centers_history must agree: {reason}"

    # The centres, step by step.
    work, assignments, values = data_points.copy(), [], []
    for t in range(max(iterations, 1)):
        assigned = assign(work, path[t].copy())
        before = measure(work, path[t].copy(), assigned)
        moved = np.asarray(adjust(work, assigned), dtype=float)
        if iterations == 0:  # allowed if nothing is left to do
            if difference(moved, path[0]) is not None:
                return "expected at least one iteration; centers_history holds only the start"
            assignments.append(np.asarray(assigned, dtype=float))
            break
        after = path[t + 1].copy()
        flags = np.asarray(assigned, dtype=float)
        if after.shape == moved.shape and flags.shape == (len(data_points), len(moved)):
            empty = flags.sum(axis=0) == 0  # an empty cluster gets any finite centre
            empty &= np.isfinite(after).all(axis=1)
            after[empty] = moved[empty] = 0
        reason = difference(moved, after)
        if reason is not None:
            if np.isfinite(path[t]).all() and not np.isfinite(after).all():
                j = int(np.argmin(np.isfinite(after).all(axis=1)))
                return (
                    f"centers_history[{t + 1}]: expected finite centres; came {in_digits(after[j])} "
                    f"for centre {j}. What happens to the centre of a cluster without points?"
                )
            return (
                f"centers_history[{t + 1}], one iteration after centers_history[{t}]: {reason}. An "
                f"assignment step, then an adjustment step, then a copy into the history?{hint}"
            )
        values += [before, measure(work, path[t + 1].copy(), assigned)]
        assignments.append(np.asarray(assigned, dtype=float))

    # The SSD after each half-step.
    floor = 1e-12 * len(data_points) * (deviations**2).sum() + (rounding**2).sum()
    for t, (value, expected) in enumerate(zip(ssd_history, values, strict=True)):
        if not np.isclose(value, expected, rtol=1e-8, atol=floor, equal_nan=True):
            step = ("assignment", "adjustment")[t % 2]
            return (
                f"ssd_history[{t}]: expected {float(expected):.8g}, the SSD after the {step} step "
                f"of iteration {t // 2 + 1}; came {value:.8g}. Which centres and which assignment "
                f"does it belong to?{hint}"
            )

    # The final assignment, and whether the loop was free to stop.
    fresh = np.asarray(assign(work, path[-1].copy()), dtype=float)
    if one_hot.shape != fresh.shape:
        return f"one_hot: expected shape {fresh.shape}; came shape {one_hot.shape}"
    if not any(np.array_equal(one_hot, allowed) for allowed in (assignments[-1], fresh)):
        wrong = int(np.argmax((one_hot != fresh).any(axis=1)))
        return (
            "one_hot: expected the assignment of the last iteration, or a fresh one with the final "
            f"centres, where point {wrong} has {in_digits(fresh[wrong])}; came "
            f"{in_digits(one_hot[wrong])}"
        )
    settled = len(assignments) > 1 and np.array_equal(assignments[-1], assignments[-2])
    settled = settled or np.array_equal(fresh, assignments[-1])
    if iterations < max_iter and not settled:
        return (
            f"stopped after {iterations} iterations, with max_iter = {max_iter}, although the next "
            "iteration would move a point to another cluster. Stop only when no assignment changes"
        )
    if not np.array_equal(argument, data_points) and np.array_equal(work, data_points):
        return "the function changed its argument data_points. Does the start share its memory?"
    return None


def disagreement(results, argument, data_points, max_iter, candidates):
    """Replay a run with one set of steps after the other, until one of them agrees."""
    answers = []
    for steps in candidates:
        with contextlib.suppress(Exception), quiet():
            answers.append(replay_disagreement(results, argument, data_points, max_iter, *steps))
        if None in answers:
            return None
    if not answers:
        return "the run cannot be replayed with your own three functions: does one raise an error?"
    return max(answers, key=lambda answer: answer.startswith("stopped"))


def returning_array(step):
    """Apply np.asarray to what a step returns."""
    return lambda *arguments: np.asarray(step(*arguments))


# %% check="test_k_means" points=1
# Sixty points in three groups that touch each other, and four clusters.
noise = np.random.default_rng(0).normal(size=(60, 2))
data_points = noise + np.array([[0.0, 0.0], [3.0, 2.0], [-1.0, 4.0]])[np.arange(60) % 3]
k, argument = 4, data_points.copy()
result = ask(k_means, argument, k, np.random.default_rng(3))
results = four_results(result, data_points, k, 100)
assert_same_run(result, ask(k_means, data_points.copy(), k, np.random.default_rng(3)))

# The run is replayed from its own start with your three functions. When it is graded, with right
# ones first: a mistake in an earlier function counts there, not here.
candidates = [
    (assignment_step, adjustment_step, sum_of_squared_distances),
    (returning_array(assignment_step), adjustment_step, sum_of_squared_distances),
]


### BEGIN HIDDEN TESTS
def reference_assign(order):
    """Assignment where a tie goes to the centre that comes first in an order."""
    return lambda x, c: np.eye(len(c))[order][
        ((x[:, None] - c[order]) ** 2).sum(axis=2).argmin(axis=1)
    ]


def reference_adjust(x, one_hot):
    """Means."""
    columns = np.transpose(one_hot) == 1
    return np.array([x[own].mean(axis=0) if own.any() else 0 * x[0] for own in columns])


def reference_measure(x, centers, one_hot):
    """SSD."""
    columns = np.transpose(one_hot) == 1
    return sum(((x[own] - c) ** 2).sum() for own, c in zip(columns, centers, strict=True))


own = [globals().get(f"{name}_step") for name in ("assignment", "adjustment")]
orders = [range(k)]
if any(len(np.unique(moment, axis=0)) < k for moment in results[3]):  # a tie: any order is right
    orders += [range(k)[::-1], *itertools.permutations(range(k))]
candidates = itertools.product(
    [*(reference_assign(list(order)) for order in orders), own[0], returning_array(own[0])],
    [reference_adjust, own[1]],
    [reference_measure, globals().get("sum_of_squared_distances")],
)
### END HIDDEN TESTS
reason = disagreement(results, argument, data_points, 100, candidates)
assert reason is None, reason


# %% check="test_k_means_iterations" points=2
# Hidden check: the histories for other inputs (d = 1, 2, 3 and 5, k = 2 to 6, slow progress, badly
# scaled data, integer arrays, points far from the origin), for several max_iter; and that
# data_points stays as it is.
### BEGIN HIDDEN TESTS
def reference_assign(order):
    """Assignment where a tie goes to the centre that comes first in an order."""
    return lambda x, c: np.eye(len(c))[order][
        ((x[:, None] - c[order]) ** 2).sum(axis=2).argmin(axis=1)
    ]


def reference_adjust(x, one_hot):
    """Means."""
    columns = np.transpose(one_hot) == 1
    return np.array([x[own].mean(axis=0) if own.any() else 0 * x[0] for own in columns])


def reference_measure(x, centers, one_hot):
    """SSD."""
    columns = np.transpose(one_hot) == 1
    return sum(((x[own] - c) ** 2).sum() for own, c in zip(columns, centers, strict=True))


rng = np.random.default_rng(41)
cloud = rng.normal(size=(90, 2)) @ np.array([[2.0, 0.5], [0.0, 1.0]]) + 3
line = rng.random((1000, 1))
cases = [
    ("d = 2, k = 3", cloud, 3, 1, 100),
    ("d = 2, k = 3", cloud, 3, 2, 1),
    ("d = 2, k = 4", cloud, 4, 3, 2),
    ("d = 2, k = 5", cloud, 5, 4, 3),
    *(("d = 1, k = 3, slow", line, 3, seed, 100) for seed in range(20, 24)),
    ("d = 1, k = 4", line[:300], 4, 5, 100),
    ("d = 1, k = 2", line[:300], 2, 6, 100),
    ("d = 5, k = 3", rng.normal(size=(80, 5)), 3, 7, 100),
    ("d = 3, k = 6", rng.normal(size=(120, 3)), 6, 8, 100),
    ("d = k = 3", rng.normal(size=(50, 3)), 3, 9, 100),
    ("badly scaled data", rng.normal(size=(60, 2)) * [1e-3, 1e3], 3, 10, 100),
    ("small numbers", rng.normal(size=(60, 2)) * 1e-5, 3, 11, 100),
    ("integers", rng.integers(-50000, 50000, (60, 2)), 3, 12, 100),
    ("points far from the origin", rng.normal(size=(60, 2)) + 1e8, 3, 13, 1),
]
for name, data_points, k, seed, max_iter in cases:
    name = f"{name}, max_iter = {max_iter}"
    argument = data_points.copy()
    options = {} if max_iter == 100 else {"max_iter": max_iter}  # 100 is the default
    with in_case(name):
        result = ask(k_means, argument, k, np.random.default_rng(seed), **options)
        results = four_results(result, data_points, k, max_iter)
    # A mistake in an earlier function counts there, not here: the student's own steps come last.
    own = [globals().get(f"{step}_step") for step in ("assignment", "adjustment")]
    orders = [range(k)]
    if any(len(np.unique(c, axis=0)) < k for c in results[3]):  # a tie: any order is right
        orders += [range(k)[::-1], *(itertools.permutations(range(k)) if k < 5 else ())]
    candidates = itertools.product(
        [*(reference_assign(list(order)) for order in orders), own[0], returning_array(own[0])],
        [reference_adjust, own[1]],
        [reference_measure, globals().get("sum_of_squared_distances")],
    )
    reason = disagreement(results, argument, data_points, max_iter, candidates)
    assert reason is None, f"{name}: {reason}"
### END HIDDEN TESTS


# %% check="test_k_means_special_cases" points=1
# Hidden check: one cluster, one point, as many clusters as points, many equal points (so that a
# cluster may be empty).
### BEGIN HIDDEN TESTS
def reference_assign(order):
    """Assignment where a tie goes to the centre that comes first in an order."""
    return lambda x, c: np.eye(len(c))[order][
        ((x[:, None] - c[order]) ** 2).sum(axis=2).argmin(axis=1)
    ]


def reference_adjust(x, one_hot):
    """Means."""
    columns = np.transpose(one_hot) == 1
    return np.array([x[own].mean(axis=0) if own.any() else 0 * x[0] for own in columns])


def reference_measure(x, centers, one_hot):
    """SSD."""
    columns = np.transpose(one_hot) == 1
    return sum(((x[own] - c) ** 2).sum() for own, c in zip(columns, centers, strict=True))


rng = np.random.default_rng(42)
# Thirty-two equal points, and two others: coordinates whose sums are exact.
heavy = np.array([[1.5, -2.25]] * 32 + [[7.0, 3.0], [-4.0, 8.5]])
cases = [
    ("k = 1", rng.normal(size=(7, 2)), 1, 1),
    ("k = 1, d = 1", rng.normal(size=(5, 1)), 1, 2),
    ("n = 1, k = 1", np.array([[3.0, -1.0, 2.0]]), 1, 3),
    ("n = k = 4", rng.normal(size=(4, 2)), 4, 4),
    *(("32 of 34 points are equal", heavy, 3, seed) for seed in range(4)),
]
for name, data_points, k, seed in cases:
    argument = data_points.copy()
    with in_case(name):
        result = ask(k_means, argument, k, np.random.default_rng(seed), max_iter=20)
        results = four_results(result, data_points, k, 20)
    # A mistake in an earlier function counts there, not here: the student's own steps come last.
    own = [globals().get(f"{step}_step") for step in ("assignment", "adjustment")]
    orders = [range(k), range(k)[::-1], *itertools.permutations(range(k))]
    candidates = itertools.product(
        [*(reference_assign(list(order)) for order in orders), own[0], returning_array(own[0])],
        [reference_adjust, own[1]],
        [reference_measure, globals().get("sum_of_squared_distances")],
    )
    reason = disagreement(results, argument, data_points, 20, candidates)
    assert reason is None, f"{name}: {reason}"
### END HIDDEN TESTS

# %% check="test_k_means_random_start" points=1
# Hidden check: other seeds give other starts, the same seed the same result, and NumPy's global
# generator takes no part.
### BEGIN HIDDEN TESTS
data_points = np.random.default_rng(51).normal(size=(180, 2))
names = "one_hot, centers, ssd_history, centers_history"
starts = []
for seed in range(8):
    result = ask(k_means, data_points.copy(), 4, np.random.default_rng(seed), max_iter=1)
    history = as_results(result, names)[3]
    try:
        start = history[0]
    except (TypeError, KeyError, IndexError):
        raise AssertionError(
            f"centers_history: expected the start as its first entry; came {in_words(history)}"
        ) from None
    start = as_numbers(start, (4, 2), "centers_history[0], the start", "One row a centre.")
    starts.append(start.astype(float))
assert not all(np.array_equal(start, starts[0]) for start in starts[1:]), (
    "eight seeds: expected different starts; came eight times the same, with the first centre "
    f"{in_digits(starts[0][0])}. Draw it with rng; set no seed and make no generator inside the "
    "function"
)

runs = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    runs.append(ask(k_means, data_points.copy(), 3, np.random.default_rng(7), max_iter=5))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "expected NumPy's global generator as it was before; the function used or seeded it "
        "(np.random.something). Use rng only"
    )
assert_same_run(*runs)
### END HIDDEN TESTS

# %% [markdown]
# ## The clusters
#
# The upper row shows 500 points from four separate groups, the lower row 500 points spread evenly over a square.
# On the left you see the points, with colour and marker by cluster, and the path of each centre from its start (large and hollow) to its end (large and full).
# On the right you see the SSD after each half-step.
# The lines below the figure say what is left of the SSD that a single centre would have.
# Try other seeds and other numbers of clusters: `seeds` and `clusters` hold one for each row.

# %% given="figure"
from mixcore import datasets, plotting

seeds, clusters = [5, 5], [4, 4]
sets = {"separate groups": "blobs_separated", "spread evenly": "uniform"}
figure, rows = plt.subplots(2, 2, figsize=(9, 7.4), layout="constrained")
shares = []
for title, seed, k, (left, right) in zip(sets, seeds, clusters, rows, strict=True):
    data_points = datasets.load(sets[title]).x
    one_hot, _, ssd_history, centers_history = k_means(data_points, k, np.random.default_rng(seed))
    plotting.scatter(data_points, np.argmax(one_hot, axis=1), ax=left, size=8)
    plotting.centers_path(centers_history, ax=left)
    for path in np.swapaxes(centers_history, 0, 1):  # one centre, in black to be seen on its points
        left.plot(*path.T, ".-", color="black", linewidth=1, markersize=4, zorder=2.5)
    left.set(title=title, xlabel="x₁", ylabel="x₂", aspect="equal")
    plotting.inertia_curve(ssd_history, ax=right, label="SSD (squared units of the data)")
    right.set(title=title, ylim=(0, None))
    right.legend()
    shares.append(ssd_history[-1] / ((data_points - data_points.mean(axis=0)) ** 2).sum())
plt.show()
for title, k, share in zip(sets, clusters, shares, strict=True):
    print(f"{title}: with k = {k}, {share:.1%} of the SSD of a single centre is left")

# %% [markdown]
# ## Question: what k-means promises, and what it does not (4 points)
#
# 1. Keep the centres fixed.
#    Show that the assignment step gives the smallest SSD among all assignments, so that it cannot raise the SSD.
# 2. Keep the assignment fixed.
#    Let $m_k$ be the mean of the $n_k > 0$ points of cluster $k$.
#    Derive
#
#    $$
#    \sum_{i=1}^n a_{ik} \, \lVert x_i - c \rVert^2 = \sum_{i=1}^n a_{ik} \, \lVert x_i - m_k \rVert^2 + n_k \lVert m_k - c \rVert^2
#    $$
#
#    for every point $c$, and conclude that the adjustment step cannot raise the SSD.
#    What about an empty cluster?
# 3. Suppose that no cluster becomes empty.
#    Why do the centres stop moving after finitely many iterations?
#    Does k-means then have the smallest SSD of all?
# 4. Look at the lower row of the figure, and try a few seeds and numbers of clusters in both rows.
#    What does k-means say about data without clusters?
#    Name one thing that you would look at before you believe that clusters are real, and say what it shows here.

# %% [markdown] written="promises" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. The SSD is a sum over the points, and point $i$ contributes $\sum_k a_{ik} \lVert x_i - c_k \rVert^2$.
#    A row of $a$ holds one 1, so this is one of the numbers $\lVert x_i - c_1 \rVert^2, \dots, \lVert x_i - c_K \rVert^2$, and the rows can be chosen independently of each other.
#    The assignment step chooses the smallest of these numbers in every row.
#    (The smallest distance has the smallest square.)
#    So the sum is the smallest over all assignments, and in particular not above the SSD of the assignment before.
# 2. Write $x_i - c = (x_i - m_k) + (m_k - c)$ and expand:
#    $$\sum_i a_{ik} \lVert x_i - c \rVert^2 = \sum_i a_{ik} \lVert x_i - m_k \rVert^2 + 2 (m_k - c)^\top \sum_i a_{ik} (x_i - m_k) + \lVert m_k - c \rVert^2 \sum_i a_{ik} .$$
#    The middle sum is $\sum_i a_{ik} x_i - n_k m_k = 0$ by the definition of $m_k$, and $\sum_i a_{ik} = n_k$.
#    This is the identity.
#    Its last term is not negative, and 0 only for $c = m_k$: the mean is the best centre, for each cluster and so for their sum.
#    An empty cluster contributes 0 to the SSD, wherever its centre lies.
#    So the SSD cannot rise there either.
# 3. After an adjustment step the SSD depends on the assignment alone, because the centres are the means.
#    It falls by $\sum_k n_k \lVert m_k - c_k \rVert^2$ in an adjustment step, so it falls strictly whenever a centre moves.
#    Therefore no assignment can come back once the centres have moved away from its means.
#    There are at most $K^n$ assignments, so the centres move only finitely often.
#    Where they come to rest, neither half-step alone finds anything better: a local minimum in this sense.
#    Another start can end with a smaller SSD, for example when two centres share one group and a third centre has to serve two groups.
# 4. k-means always returns $K$ clusters, and the SSD falls and settles as it does for real groups.
#    With $K = 4$ it cuts the square into four quarters, with straight borders through regions as dense as any other.
#    So neither convergence nor a lower SSD is evidence of clusters: more centres leave less SSD even where there is nothing to find.
#    Things to look at, with what they show here:
#    a picture of the points, where no gap separates the pieces;
#    the SSD against $K$, which falls gradually for the square, and has a sharp bend at $K = 4$ for the separate groups;
#    the share of the SSD that is left, compared with what uniform data would leave (the gap statistic);
#    the points near the borders, which are almost as near to another centre as to their own (the silhouette);
#    several seeds with $K = 3$ or $5$, which cut the square in different ways with almost the same SSD.
#    (Agreement between seeds alone proves little: with $K = 4$ every seed may find the same four quarters, because of the shape of the square, while for the separate groups some seeds end in a poor local minimum.)
#
# **Rubric.**
#
# - 1 point: each point's term is minimised on its own, hence the sum over all assignments.
# - 1 point: the identity with the reason why the cross term vanishes, the conclusion, and the empty cluster.
# - 1 point: finitely many assignments and a strict fall (or an equivalent argument); only a local minimum.
# - 1 point: k-means returns $K$ clusters in any case; and one sensible thing to look at, with what it shows on the uniform set.
# ### END SOLUTION
