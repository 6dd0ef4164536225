# ---
# jupyter:
#   course:
#     notebook: bernoulli
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Mixtures of Bernoullis
#
# You sort handwritten digits into groups although nobody has told you which digit is which.
# An image becomes a row of zeros and ones, and a group becomes a picture of probabilities.
# You first write hard clustering: every image belongs to one cluster.
# Then you write the two steps of expectation-maximisation (EM), where images belong to the components in parts.
# At the end you see the mean images that your functions found.
# One question asks why the probabilities are smoothed, and which digits the model confuses.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - After your submission further checks run on other inputs: other sizes, many pixels, empty clusters, other types of numbers.
# - A function never changes the arrays it is given.
# - The cell after the imports holds helpers of the checks; you need not read it.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of images | `n` | number |
# | $d$ | number of pixels of an image | `d` | number |
# | $K$ | number of clusters or components | `n_clusters`, `k` | number |
# | $x_{ij}$ | pixel $j$ of image $i$, 0 or 1 | `x[i, j]` | `x` has `(n, d)` |
# | $z_i$ | cluster of image $i$, one of $0, \dots, K - 1$ | `assignments[i]` | `(n,)` |
# | $\mu_{kj}$ | probability that pixel $j$ is 1 in component $k$, strictly between 0 and 1 | `probabilities[k, j]` | `(k, d)` |
# | $\pi_k$ | mixing weight of component $k$, positive; the weights sum to 1 | `weights[k]` | `(k,)` |
# | $r_{ik}$ | responsibility: the probability that component $k$ produced image $i$ | `resp[i, k]` | `(n, k)` |
#
# From Task 2 on an image is a flat row of $d$ pixels.
# The zeros and ones in `x` may be integers of any kind, `uint8` included, or floats.
# Logarithms are natural.

# %% given="imports"
import contextlib
import itertools

import matplotlib.pyplot as plt
import numpy as np
from scipy import special

# %% given="checking"
from checking import as_numbers, as_results, ask, assert_same, assert_unchanged, quiet

# %% [markdown]
# ## Task 1: from grey to black and white
#
# A scanned image holds grey values.
# A Bernoulli variable knows only 0 and 1.
# So a pixel becomes 1 where its grey value is strictly greater than a threshold, and 0 elsewhere.
#
# The result is an array of **integers** 0 and 1 with the shape of `images`, whatever that shape is.
#
# **Watch out.**
# A pixel exactly at the threshold becomes 0.
# An array of `True` and `False`, or of `0.0` and `1.0`, is not an array of integers.


# %% solution="binarise"
def binarise(images, threshold=0.5):
    """Turn grey values into zeros and ones.

    Parameters
    ----------
    images : ndarray, any shape
        Grey values, floats or integers.
    threshold : float
        A pixel becomes 1 where its grey value is strictly greater.

    Returns
    -------
    ndarray of int, same shape as images
        Zeros and ones.
    """
    ### BEGIN SOLUTION
    return (images > threshold).astype(int)
    ### END SOLUTION


# %% check="test_binarise" points=1
def judge(binary, expected, what, hint):
    """Judge zeros and ones."""
    binary = as_numbers(binary, np.shape(expected), what, hint)
    assert binary.dtype.kind in "iu", (
        f"{what}: expected the integers 0 and 1; came an array of type {binary.dtype}. Convert the "
        "result of the comparison"
    )
    assert_same(binary, expected, what, hint, rtol=0)


images = np.array([[[0.0, 0.5, 0.51], [1.0, 0.2, 0.49]], [[0.5, 0.9, 0.0], [0.3, 0.6, 1.0]]])
judge(
    ask(binarise, images.copy()),
    [[[0, 0, 1], [1, 0, 0]], [[0, 1, 0], [0, 1, 1]]],
    "two images of shape (2, 3), threshold not given",
    "The shape stays, the threshold is 0.5, and a grey value of exactly 0.5 becomes 0",
)
judge(
    ask(binarise, np.array([0.1, 0.25, 0.3, 0.8]), 0.25),
    [0, 0, 1, 1],
    "grey values 0.1, 0.25, 0.3, 0.8, threshold 0.25",
    "Do you use the threshold given?",
)

# %% check="test_binarise_other_inputs" points=1
# Hidden check: images in one to four dimensions, other thresholds, grey values that are integers,
# values next to the threshold, and that the images stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
cases = [
    ("one row", rng.random(9), 0.5),
    ("n = 1, d = 1", np.array([[0.75]]), 0.5),
    ("flat images", rng.random((4, 6)), 0.3),
    ("square images", rng.random((3, 5, 5)), 0.7),
    ("colour images", rng.random((2, 3, 4, 3)), 0.5),
    ("float32", rng.random((3, 4, 2)).astype(np.float32), 0.5),
    ("next to the threshold", np.array([[0.5, np.nextafter(0.5, 1), np.nextafter(0.5, 0)]]), 0.5),
    ("threshold 0", np.array([[0.0, 1e-300, 0.2, 1.0]]), 0),
    ("threshold 1", np.array([[0.0, 0.9, 1.0]]), 1.0),
    ("integers", np.array([[0, 1, 0], [1, 1, 0]]), 0.5),
    ("grey values 0 to 255", rng.integers(0, 256, (3, 4, 4)).astype(np.uint8), 127),
    ("grey values 0 to 16", rng.integers(0, 17, (5, 8)), 8),
]
for name, images, threshold in cases:
    expected = np.zeros(images.shape, dtype=int)
    for index in np.ndindex(*images.shape):
        expected[index] = 1 if float(images[index]) > threshold else 0
    argument = images.copy()
    for writeable in (True, False):
        argument.flags.writeable = writeable
        what = f"{name}, threshold {threshold}"
        hint = (
            "Same shape, integers, 1 where the grey value is strictly greater than the threshold?"
        )
        binary = as_numbers(ask(binarise, argument, threshold=threshold), images.shape, what, hint)
        assert_unchanged("images", [images], [argument])
        assert binary.dtype.kind in "iu", (
            f"{what}: expected the integers 0 and 1; came an array of type {binary.dtype}"
        )
        wrong = np.flatnonzero(binary.ravel() != expected.ravel())
        assert len(wrong) == 0, (
            f"{what}: the grey value {images.ravel()[wrong[0]]} of type {images.dtype} must become "
            f"{expected.ravel()[wrong[0]]}; came {binary.ravel()[wrong[0]]}. {hint}"
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the pixel probabilities of clusters
#
# Every image belongs to one cluster.
# Let $m_k$ be the number of images in cluster $k$, and $c_{kj}$ the number of those whose pixel $j$ is 1.
# The estimate is the fraction of ones, after one imaginary 1 and one imaginary 0 have been added to every pixel:
#
# $$
# \mu_{kj} = \frac{c_{kj} + 1}{m_k + 2} .
# $$
#
# No probability is then 0 or 1, and a cluster without images has probability $1/2$ everywhere.
#
# **Watch out.**
# Clusters may be empty, the last one too.
# The result has `n_clusters` rows all the same.


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    """Return the smoothed probability of a one for each cluster and pixel.

    Parameters
    ----------
    x : ndarray of 0 and 1, shape (n, d)
        Images.
    assignments : ndarray of int, shape (n,)
        Cluster of each image, 0 .. n_clusters - 1.
    n_clusters : int
        Number of clusters; some may be empty.

    Returns
    -------
    ndarray, shape (n_clusters, d)
        (count of ones + 1) / (number of images + 2) in each cluster.
    """
    ### BEGIN SOLUTION
    one_hot = (assignments[:, None] == np.arange(n_clusters)).astype(float)  # (n, n_clusters)
    return (one_hot.T @ x + 1) / (one_hot.sum(axis=0)[:, None] + 2)
    ### END SOLUTION


# %% check="test_pixel_probabilities" points=1
# Three images in cluster 0, one in cluster 1, none in cluster 2.
x = np.array([[1, 0, 1, 0], [1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 0]])
assignments = np.array([0, 1, 0, 0])
probabilities = as_numbers(
    ask(pixel_probabilities, x.copy(), assignments.copy(), 3),
    (3, 4),
    "n_clusters = 3, d = 4",
    "A row of finite probabilities for each cluster, empty or not?",
)
assert_same(
    probabilities[0],
    [3 / 5, 2 / 5, 4 / 5, 1 / 5],
    "cluster 0, three images with 2, 1, 3 and 0 ones in the four pixels",
    "(count + 1)/(total + 2), with the cluster's own number of images?",
)
assert_same(
    probabilities[1],
    [2 / 3, 2 / 3, 1 / 3, 1 / 3],
    "cluster 1, one image",
    "Is the number of images of that cluster in the denominator?",
)
assert_same(
    probabilities[2],
    4 * [0.5],
    "cluster 2, without images",
    "What does the formula give for 0 images?",
)

# %% check="test_pixel_probabilities_other_inputs" points=2
# Hidden check: other inputs (empty clusters in every place, n = 1, d = 1, one cluster, several
# hundred images as uint8, floats), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)
cases = [
    ("three clusters", rng.integers(0, 2, (17, 5)), rng.integers(0, 3, 17), 3),
    ("first and last cluster empty", rng.integers(0, 2, (9, 4)), np.repeat([1, 3], [4, 5]), 5),
    ("all in the last cluster", rng.integers(0, 2, (6, 7)), np.full(6, 3), 4),
    ("more clusters than images", rng.integers(0, 2, (3, 2)), np.array([5, 0, 2]), 7),
    ("one cluster", rng.integers(0, 2, (8, 3)), np.zeros(8, dtype=int), 1),
    ("n = 1", np.array([[0, 1, 1]]), np.array([1]), 2),
    ("n = d = n_clusters = 1", np.array([[1]]), np.array([0]), 1),
    ("n = d = n_clusters = 3", rng.integers(0, 2, (3, 3)), np.array([2, 0, 2]), 3),
    ("d = 1", rng.integers(0, 2, (20, 1)), rng.integers(0, 4, 20), 4),
    ("floats", rng.integers(0, 2, (12, 6)).astype(float), rng.integers(0, 3, 12), 3),
    ("uint8 labels", rng.integers(0, 2, (12, 6)), rng.integers(0, 3, 12).astype(np.uint8), 3),
    (
        "700 images as uint8",
        (rng.random((700, 3)) < [0.95, 0.5, 0.05]).astype(np.uint8),
        (rng.random(700) < 0.2).astype(int),
        2,
    ),
    (
        "700 images and labels as int8",
        (rng.random((700, 2)) < [0.9, 0.6]).astype(np.int8),
        (rng.random(700) < 0.8).astype(np.int8),
        3,
    ),
]
for name, x, assignments, n_clusters in cases:
    expected = np.empty((n_clusters, x.shape[1]))
    for k in range(n_clusters):
        rows = [i for i in range(len(x)) if int(assignments[i]) == k]
        for j in range(x.shape[1]):
            expected[k, j] = (sum(int(x[i, j]) for i in rows) + 1) / (len(rows) + 2)
    arguments = [x.copy(), assignments.copy()]
    for writeable in (True, False):
        for argument in arguments:
            argument.flags.writeable = writeable
        probabilities = ask(pixel_probabilities, *arguments, n_clusters)
        assert_unchanged("x, assignments", (x, assignments), arguments)
        assert_same(
            probabilities,
            expected,
            f"pixel_probabilities, {name}",
            "One row for each cluster, empty or not, with (count + 1)/(total + 2)? Counts are sums "
            "over the images of one cluster, and small integer types such as uint8 overflow",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: assign images to clusters
#
# Inside a cluster the pixels are independent, so the probability of an image is a product over its pixels:
#
# $$
# p(x_i \mid k) = \prod_{j=1}^d \mu_{kj}^{x_{ij}} (1 - \mu_{kj})^{1 - x_{ij}} .
# $$
#
# Each image goes to the cluster under which it is most probable:
#
# $$
# z_i = \operatorname*{arg\,max}_k \; p(x_i \mid k) .
# $$
#
# There are no mixing weights here.
# If several clusters tie for the largest probability, take any of them.
#
# **Watch out.**
# With 784 pixels the product is often smaller than the smallest number that floating point knows, and it becomes 0 for every cluster.
# Its logarithm is a sum, and a plain number.
# A white pixel carries information too: it has probability $1 - \mu_{kj}$.


# %% solution="assign"
def assign(x, probabilities):
    """Return the cluster under which each image is most probable.

    Parameters
    ----------
    x : ndarray of 0 and 1, shape (n, d)
        Images.
    probabilities : ndarray, shape (k, d)
        Probability of a one for each cluster and pixel, strictly between 0 and 1.

    Returns
    -------
    ndarray of int, shape (n,)
        Cluster of each image, 0 .. k - 1.
    """
    ### BEGIN SOLUTION
    log_likelihood = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T  # (n, k)
    return log_likelihood.argmax(axis=1)
    ### END SOLUTION


# %% check="test_assign" points=1
# Three clusters and four images. The probabilities of the images under the clusters:
#   under cluster 0     under cluster 1     under cluster 2
#   0.9 * 0.9 = 0.81    0.2 * 0.1 = 0.02    0.9 * 0.1 = 0.09     image (1, 1)
#   0.9 * 0.1 = 0.09    0.2 * 0.9 = 0.18    0.9 * 0.9 = 0.81     image (1, 0)
#   0.1 * 0.9 = 0.09    0.8 * 0.1 = 0.08    0.1 * 0.1 = 0.01     image (0, 1)
#   0.1 * 0.1 = 0.01    0.8 * 0.9 = 0.72    0.1 * 0.9 = 0.09     image (0, 0)
probabilities = np.array([[0.9, 0.9], [0.2, 0.1], [0.9, 0.1]])
x = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
assert_same(
    ask(assign, x.copy(), probabilities.copy()),
    [0, 2, 0, 1],
    "the clusters of the four images, the largest of each row of the table above",
    "Does a pixel that is 0 count with 1 - probability? Largest, not smallest?",
    rtol=0,
)

# Two equal clusters tie: either is right, but not the third one.
assignments = as_numbers(
    ask(assign, np.array([[1, 0, 1]]), np.array([[0.7, 0.2, 0.6], [0.1] * 3, [0.7, 0.2, 0.6]])),
    (1,),
    "one image, three clusters",
    "One cluster for each image?",
)
assert assignments[0] in (0, 2), (
    f"one image, where clusters 0 and 2 tie: expected either; came {assignments[0]}"
)

# %% check="test_assign_other_inputs" points=1
# Hidden check: other inputs (n = 1, d = 1, one cluster, many clusters, uint8, floats), ties, and
# that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(31)
cases = [
    ("d = 6, k = 3", rng.integers(0, 2, (25, 6)), rng.uniform(0.05, 0.95, (3, 6))),
    ("d = 3, k = 12", rng.integers(0, 2, (20, 3)), rng.uniform(0.05, 0.95, (12, 3))),
    ("n = d = k = 4", rng.integers(0, 2, (4, 4)), rng.uniform(0.1, 0.9, (4, 4))),
    ("mostly white", (rng.random((20, 8)) < 0.1).astype(int), rng.uniform(0.02, 0.6, (4, 8))),
    ("mostly black", (rng.random((20, 8)) < 0.9).astype(int), rng.uniform(0.4, 0.98, (4, 8))),
    ("uint8", rng.integers(0, 2, (25, 7)).astype(np.uint8), rng.uniform(0.05, 0.95, (5, 7))),
    ("floats", rng.integers(0, 2, (25, 7)).astype(float), rng.uniform(0.05, 0.95, (5, 7))),
    ("close to 0 and 1", rng.integers(0, 2, (12, 5)), rng.choice([1e-5, 0.5, 1 - 1e-5], (4, 5))),
    ("d = 1", np.array([[0], [1], [1]]), np.array([[0.4], [0.1], [0.8]])),
    ("one cluster", rng.integers(0, 2, (5, 3)), rng.uniform(0.1, 0.9, (1, 3))),
    ("n = 1", np.array([[0, 1, 0]]), rng.uniform(0.1, 0.9, (6, 3))),
    ("n = k = 1", np.array([[1]]), np.array([[0.3]])),
    (
        "very close to 0 and 1",
        np.array([[1, 0], [0, 1], [1, 1], [0, 0]]),
        np.array([[1e-9, 1 - 1e-9], [1e-7, 1 - 1e-7]]),
    ),
    (
        "ties",
        rng.integers(0, 2, (10, 4)),
        np.array([[0.2, 0.6, 0.4, 0.5], [0.7, 0.3, 0.8, 0.5]])[[1, 0, 1, 0, 0]],
    ),
    ("nothing known", rng.integers(0, 2, (6, 4)), np.full((3, 4), 0.5)),
]
for name, x, probabilities in cases:
    k = len(probabilities)
    likelihood = np.ones((len(x), k))
    for j in range(x.shape[1]):
        likelihood *= np.where(x[:, j, None] == 1, probabilities[:, j], 1 - probabilities[:, j])
    arguments = [x.copy(), probabilities.copy()]
    for writeable in (True, False):
        for argument in arguments:
            argument.flags.writeable = writeable
        assignments = ask(assign, *arguments)
        assert_unchanged("x, probabilities", (x, probabilities), arguments)
        hint = "One cluster for each image?"
        assignments = as_numbers(assignments, (len(x),), f"assign, {name}", hint)
        assert np.all(np.isin(assignments, np.arange(k))), (
            f"assign, {name}: expected clusters from 0 to {k - 1}; came "
            f"{np.unique(assignments)[:5].tolist()}"
        )
        chosen = likelihood[np.arange(len(x)), assignments.astype(int)]
        worse = np.flatnonzero(chosen < likelihood.max(axis=1) * (1 - 1e-9))
        assert len(worse) == 0, (
            f"assign, {name}: expected cluster {likelihood[worse[0]].argmax()} for the image "
            f"{x[worse[0]].tolist()}; came {int(assignments[worse[0]])}, where it is less "
            "probable. Do ones count with the probability and zeros with 1 - probability, "
            "unchanged and whatever the type of x?"
        )
### END HIDDEN TESTS

# %% check="test_assign_many_pixels" points=2
# Hidden check: 784 and more pixels, where the products are 0 in floating point.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(32)
cases = []
for name, n, d, k, dtype in [
    ("784 pixels", 30, 784, 10, int),
    ("784 pixels, uint8", 30, 784, 3, np.uint8),
    ("5,000 pixels", 12, 5000, 4, float),
]:
    # The clusters differ in a few pixels only; all others make every image improbable.
    x = rng.integers(0, 2, (n, d)).astype(dtype)
    probabilities = np.tile(rng.choice([0.01, 0.99], d), (k, 1))
    few = rng.choice(d, 12, replace=False)
    probabilities[:, few] = rng.uniform(0.1, 0.9, (k, 12))
    cases.append((name, x, probabilities, few))
x = (rng.random((40, 784)) < 0.2).astype(int)
cases.append(("all pixels differ", x, rng.uniform(0.001, 0.999, (10, 784)), np.arange(784)))
for name, x, probabilities, few in cases:
    k = len(probabilities)
    logs = np.zeros((len(x), k))
    for j in few:
        pixel = np.where(x[:, j, None] == 1, probabilities[:, j], 1 - probabilities[:, j])
        logs += np.log(pixel)
    assignments = ask(assign, x.copy(), probabilities.copy())
    hint = "One cluster for each image?"
    assignments = as_numbers(assignments, (len(x),), f"assign, {name}", hint)
    assert np.all(np.isin(assignments, np.arange(k))), (
        f"assign, {name}: expected clusters from 0 to {k - 1}; came "
        f"{np.unique(assignments)[:5].tolist()}"
    )
    chosen = logs[np.arange(len(x)), assignments.astype(int)]
    worse = np.sum(chosen < logs.max(axis=1) - 1e-6)
    assert worse == 0, (
        f"assign, {name}: expected the most probable cluster for each image; came another one for "
        f"{worse} of {len(x)}. Do you add logarithms, for ones and zeros alike and whatever the "
        "type of x? A product of so many probabilities is 0 in floating point"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: hard clustering
#
# Now the two steps alternate.
#
# 1. **Start.** Draw a cluster for every image at random with `rng`.
# 2. **Iterate.** Compute the pixel probabilities of the clusters from the assignments, then assign every image anew.
#    This is one iteration.
# 3. **Stop** when an iteration changes no assignment, and at the latest after `max_iter` iterations.
#    Here `max_iter` is at least 1.
#
# Return the assignments of the last iteration, and pixel probabilities.
# The probabilities may be those of the returned assignments, or those that the assignments were made from: after a stop because nothing changed, both are the same.
# A cluster may become empty: it keeps its row with probability $1/2$ in every pixel, and its number.
#
# **Watch out.**
# The same seed must give the same result, and another seed another start.
# So use nothing but `rng`: neither `np.random.seed` nor a generator of your own.
# A start with all images in one cluster is not random: the other clusters would know nothing.


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    """Sort images into clusters, from random assignments.

    Parameters
    ----------
    x : ndarray of 0 and 1, shape (n, d)
        Images.
    n_clusters : int
        Number of clusters.
    rng : numpy.random.Generator
        The only source of randomness.
    max_iter : int
        Largest number of iterations, at least 1.

    Returns
    -------
    assignments : ndarray of int, shape (n,)
        Cluster of each image after the last iteration.
    probabilities : ndarray, shape (n_clusters, d)
        Probability of a one for each cluster and pixel.
    """
    ### BEGIN SOLUTION
    assignments = rng.integers(n_clusters, size=len(x))  # (n,)
    for _ in range(max_iter):
        before = assignments
        probabilities = pixel_probabilities(x, before, n_clusters)
        assignments = assign(x, probabilities)
        if np.array_equal(assignments, before):
            break
    return assignments, pixel_probabilities(x, assignments, n_clusters)
    ### END SOLUTION


# %% check="test_cluster" points=1
# Seven copies of one image and five of its negative: from any start the first iteration separates
# them. When it is graded, a cluster that calls your earlier functions is judged with those
# functions: a mistake counts once.
image = np.array([1, 1, 0, 1, 0, 0])
kinds = np.array([0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0])
x = np.where(kinds[:, None] == 0, image, 1 - image)
by_hand = np.array([(7 * image + 1) / 9, (5 * (1 - image) + 1) / 7])


### BEGIN HIDDEN TESTS
def reference_probabilities(x, z, k):
    """Smoothed fractions of ones."""
    one_hot = 1.0 * (z[:, None] == np.arange(k))
    return (one_hot.T @ x + 1) / (one_hot.sum(axis=0)[:, None] + 2)


def reference_assign(x, p):
    """Most probable clusters."""
    return (x @ np.log(p).T + (1 - x) @ np.log1p(-p).T).argmax(axis=1)


def check_carried(seed, z, p):
    """Tell whether z and p come from 29 iterations by one more, with some of the student's steps."""
    earlier = np.asarray(cluster(x.copy(), 2, np.random.default_rng(seed), 29)[0]).astype(int)
    z = z.astype(int)
    for estimate, choose in itertools.product(
        (reference_probabilities, globals().get("pixel_probabilities")),
        (reference_assign, globals().get("assign")),
    ):
        with contextlib.suppress(Exception):
            tables = [np.asarray(estimate(x.copy(), a.copy(), 2), float) for a in (earlier, z)]
            if np.array_equal(z, choose(x.copy(), tables[0])) and any(
                p.shape == q.shape and np.allclose(p, q, rtol=1e-8, equal_nan=True) for q in tables
            ):
                return True
    return False


### END HIDDEN TESTS
for seed in range(5):
    results = [ask(cluster, x.copy(), 2, np.random.default_rng(seed)) for _ in range(2)]
    (assignments, probabilities), (again, _) = (
        as_results(result, "assignments, probabilities") for result in results
    )
    hint = "One cluster for each image, and the probabilities as second result?"
    assignments, again = (
        as_numbers(part, (12,), "assignments of 12 images", hint) for part in (assignments, again)
    )
    assert np.array_equal(assignments, again), (
        "two runs with the same seed: expected the same assignments; came two different results. "
        "Draw everything from rng"
    )
    ### BEGIN HIDDEN TESTS
    with contextlib.suppress(Exception), quiet():
        if check_carried(seed, assignments, np.asarray(probabilities, dtype=float)):
            continue
    ### END HIDDEN TESTS
    straight, exchanged = np.array_equal(assignments, kinds), np.array_equal(assignments, 1 - kinds)
    assert straight or exchanged, (
        f"two kinds of images: expected {kinds.tolist()}, or 0 and 1 exchanged; came "
        f"{assignments.tolist()}. Random start, then pixel probabilities and assignments in turn?"
    )
    assert_same(
        probabilities,
        by_hand if straight else by_hand[::-1],
        "the probabilities of two kinds of images",
        "Do they belong to the assignments that you return?",
    )


# %% check="test_cluster_iterations" points=2
# Hidden check: what one iteration more does, where the loop stops, empty clusters, one cluster,
# n = 1, d = 1, uint8 and floats, the default of max_iter; the arguments stay as they are.
### BEGIN HIDDEN TESTS
def reference_probabilities(x, z, k):
    """Smoothed fractions of ones."""
    one_hot = 1.0 * (z[:, None] == np.arange(k))
    return (one_hot.T @ x + 1) / (one_hot.sum(axis=0)[:, None] + 2)


def check_fits(z, x, p, choose):
    """Tell whether z assigns x to its most probable clusters; any of those that tie is right."""
    if choose is not None:
        return np.array_equal(z, np.asarray(choose(x.copy(), p.copy())))
    logs = reference_logs(x, p)
    top = logs.max(axis=1)
    return bool(np.all(logs[np.arange(len(x)), z] >= top - 1e-9 * (1 + np.abs(top))))


def check_same(p, expected):
    """Tell whether two tables of probabilities agree."""
    p = np.asarray(p, dtype=float)
    return p.shape == expected.shape and np.allclose(
        p, expected, rtol=1e-8, atol=1e-12, equal_nan=True
    )


def reference_logs(x, p):
    """Log-probability of each image under each cluster."""
    return x @ np.log(p).T + (1.0 - x) @ np.log1p(-p).T


def check_groups(rng, n, d, k, noise):
    """Noisy copies of k images."""
    originals = rng.integers(0, 2, (k, d))
    return originals[rng.integers(0, k, n)] ^ (rng.random((n, d)) < noise)


rng = np.random.default_rng(41)
early = [(1, 2), (2, 3), (3, 4), (4, 5)]
cases = [
    ("three groups", check_groups(rng, 60, 16, 3, 0.2), 3, (1, 2, 3), [*early, (8, 9), (59, 60)]),
    ("k = 6", check_groups(rng, 40, 9, 4, 0.25), 6, (4, 5), [*early, (59, 60)]),
    ("uint8", check_groups(rng, 400, 8, 2, 0.2).astype(np.uint8), 2, (6,), [*early, (59, 60)]),
    ("floats", check_groups(rng, 25, 7, 3, 0.2).astype(float), 3, (7,), early),
    ("two kinds of images, k = 5", check_groups(rng, 14, 6, 2, 0.0), 5, (8, 9), [*early, (59, 60)]),
    ("more clusters than images", check_groups(rng, 3, 5, 3, 0.1), 7, (10,), early),
    ("one cluster", check_groups(rng, 9, 4, 2, 0.1), 1, (11,), early[:1]),
    ("n = 1", np.array([[0, 1, 1, 0]]), 3, (12, 13), early[:2]),
    ("n = k = d = 1", np.array([[1]]), 1, (14,), early[:1]),
    ("d = 1", rng.integers(0, 2, (12, 1)), 2, (15,), early),
]
for name, x, k, seeds, numbers in cases:
    for seed in seeds:
        runs = {}
        for t in sorted(set(itertools.chain(*numbers))):
            argument = x.copy()
            result = ask(cluster, argument, k, np.random.default_rng(seed), max_iter=t)
            assert_unchanged("x", [x], [argument])
            z, p = as_results(result, "assignments, probabilities")
            what = f"assignments, {name}, max_iter = {t}"
            hint = "One cluster for each image, and the probabilities as second result?"
            z = as_numbers(z, (len(x),), what, hint)
            runs[t] = (z.astype(int), p)
        # Reference steps first; then the student's own, since a mistake there counts there.
        steps = list(
            itertools.product(
                (reference_probabilities, globals().get("pixel_probabilities")),
                (None, globals().get("assign")),
            )
        )
        for t, later in numbers:
            (before, _), (z, p) = runs[t], runs[later]
            right = False
            for estimate, choose in steps:
                with contextlib.suppress(Exception), quiet():
                    used = np.asarray(estimate(x.copy(), before.copy(), k), dtype=float)
                    right = check_fits(z, x, used, choose) and (
                        check_same(p, used)
                        or check_same(p, np.asarray(estimate(x.copy(), z.copy(), k), dtype=float))
                    )
                if right:
                    break
            assert right or np.all(np.isin([before, z], np.arange(k))), (
                f"{name}: expected clusters from 0 to {k - 1}; came {np.unique([before, z])[:5]}"
            )
            if right:
                continue
            what = f"probabilities, {name}, max_iter = {later}"
            hint = "A row for each cluster, empty or not?"
            p = as_numbers(p, (k, x.shape[1]), what, hint, finite=False).astype(float)
            logs = reference_logs(x, reference_probabilities(x, before, k))
            best = logs.argmax(axis=1)
            worse = np.flatnonzero(logs[np.arange(len(x)), z] < logs.max(axis=1) - 1e-6)
            first = worse[0] if len(worse) else 0
            assert len(worse) == 0, (
                f"{name}, iteration {later}: expected image {first} in cluster {best[first]}, where "
                f"it is most probable with the pixel probabilities of the assignments after {t}; "
                f"came {z[first]} ({len(worse)} of {len(x)} images are like that). Pixel "
                "probabilities of all current assignments, then every image anew, and no stop "
                "while an assignment changes?"
            )
            raise AssertionError(
                f"{name}, max_iter = {later}: the assignments are right, but the probabilities "
                "belong neither to them nor to the assignments before them; expected for cluster "
                f"{z[0]} {np.round(reference_probabilities(x, z, k)[z[0]][:8], 4).tolist()}; came "
                f"{np.round(p[z[0]][:8], 4).tolist()} (first 8 pixels at most)"
            )

# Without max_iter at most 30 iterations; an argument that cannot be written to.
x = check_groups(np.random.default_rng(42), 60, 16, 3, 0.2)
x.flags.writeable = False
for seed in range(3):
    one = ask(cluster, x, 3, np.random.default_rng(seed))
    two = ask(cluster, x, 3, np.random.default_rng(seed), max_iter=30)
    for result in (one, two):
        as_results(result, "assignments, probabilities")
    for label, a, b in zip(("assignments", "probabilities"), one, two, strict=True):
        same = False
        with contextlib.suppress(TypeError, ValueError):
            same = np.array_equal(np.asarray(a, float), np.asarray(b, float), equal_nan=True)
        assert same, (
            f"max_iter not given: expected the same {label} as with max_iter = 30; came others"
        )
### END HIDDEN TESTS


# %% check="test_cluster_start" points=1
# Hidden check: what the first iteration gives from random assignments; that the start is random,
# and comes from rng alone.
### BEGIN HIDDEN TESTS
def reference_probabilities(x, z, k):
    """Smoothed fractions of ones."""
    one_hot = 1.0 * (z[:, None] == np.arange(k))
    return (one_hot.T @ x + 1) / (one_hot.sum(axis=0)[:, None] + 2)


def reference_logs(x, p):
    """Log-probability of each image under each cluster."""
    return x @ np.log(p).T + (1.0 - x) @ np.log1p(-p).T


def reference_assign(x, p):
    """Most probable clusters."""
    return reference_logs(x, p).argmax(axis=1)


def check_fits(z, x, p, choose):
    """Tell whether z assigns x to its most probable clusters; any of those that tie is right."""
    if choose is not reference_assign:
        return np.array_equal(z, np.asarray(choose(x.copy(), p.copy())))
    logs = reference_logs(x, p)
    top = logs.max(axis=1)
    return bool(np.all(logs[np.arange(len(x)), z] >= top - 1e-9 * (1 + np.abs(top))))


def check_same(p, expected):
    """Tell whether two tables of probabilities agree."""
    p = np.asarray(p, dtype=float)
    return p.shape == expected.shape and np.allclose(
        p, expected, rtol=1e-8, atol=1e-12, equal_nan=True
    )


def check_run(x, k, seed, max_iter):
    """Assignments and probabilities of the student's cluster."""
    result = ask(cluster, x.copy(), k, np.random.default_rng(seed), max_iter=max_iter)
    z, p = as_results(result, "assignments, probabilities")
    what = f"{len(x)} images, {k} clusters, max_iter = {max_iter}"
    hint = "One cluster for each image, and the probabilities as second result?"
    z = as_numbers(z, (len(x),), f"assignments, {what}", hint)
    return z.astype(int), p


# Reference steps first; then the student's own, since a mistake there counts there.
steps = list(
    itertools.product(
        (reference_probabilities, globals().get("pixel_probabilities")),
        (reference_assign, globals().get("assign")),
    )
)

# Few images: the first iteration must come from one of all possible starts.
one, two = np.array([1, 0, 0, 1, 0, 1, 1]), np.array([0, 0, 1, 0, 1, 1, 0])
three = np.array([1, 1, 0, 0, 1, 0, 0])
cases = [
    (np.array([one, one, two]), 2),
    (np.array([two, one, one, two, one]), 2),
    (np.array([one, two, two, three]), 3),
]
for x, k in cases:
    starts = [np.array(z) for z in itertools.product(range(k), repeat=len(x))]
    for seed in range(25):
        z, p = check_run(x, k, seed, 1)
        right = False
        for estimate, choose in steps:
            with contextlib.suppress(Exception), quiet():
                own = np.asarray(estimate(x.copy(), z.copy(), k), dtype=float)
                for start in starts:
                    used = np.asarray(estimate(x.copy(), start.copy(), k), dtype=float)
                    if (check_same(p, own) or check_same(p, used)) and check_fits(
                        z, x, used, choose
                    ):
                        right = True
                        break
            if right:
                break
        if right:
            continue
        what = f"probabilities, max_iter = 1 with {len(x)} images and {k} clusters"
        hint = "A row for each cluster, empty or not?"
        p = as_numbers(p, (k, x.shape[1]), what, hint, finite=False)
        raise AssertionError(
            f"max_iter = 1 with {len(x)} images and {k} clusters: expected what one iteration makes "
            f"of some start; came the assignments {z.tolist()} with the probabilities "
            f"{np.round(p, 3).tolist()}, to which no start leads. Random "
            "assignments, their pixel probabilities, then every image anew, at least once?"
        )

# More images: the first iteration is one iteration after a random start, not two. The measure is
# the log-probability of the images in their clusters, averaged over 150 starts: about -521 after one
# iteration and -494 after two, known to 1.5, so that a false alarm is rarer than 1 in 1,000,000.
rng = np.random.default_rng(71)
x = rng.integers(0, 2, (3, 16))[rng.integers(0, 3, 60)] ^ (rng.random((60, 16)) < 0.2)


def check_measure(z):
    """Log-probability of the images in their clusters, whatever the clusters are called."""
    z = np.unique(z, return_inverse=True)[1]
    return reference_logs(x, reference_probabilities(x, z, z.max() + 1))[np.arange(60), z].sum()


firsts = [check_run(x, 3, seed, 1) for seed in range(150)]
came = np.mean([check_measure(z) for z, _ in firsts])
# An answer that ends with a fresh assignment against the probabilities it returns is not measured.
measured = False
for estimate in (reference_probabilities, globals().get("pixel_probabilities")):
    with contextlib.suppress(Exception), quiet():
        measured = measured or all(
            check_same(p, np.asarray(estimate(x.copy(), z.copy(), 3), dtype=float))
            for z, p in firsts
        )
right = not measured
for estimate, choose in steps:
    if not right:
        with contextlib.suppress(Exception), quiet():
            values = np.empty((150, 2))
            for i in range(150):
                z = np.random.default_rng(1000 + i).integers(0, 3, 60)
                for t in range(2):
                    p = np.asarray(estimate(x.copy(), z.copy(), 3), dtype=float)
                    z = np.asarray(choose(x.copy(), p)).astype(int)
                    values[i, t] = check_measure(z)
            once, twice = values.mean(axis=0)
            error = values.std(axis=0).max() / np.sqrt(150)
            right = abs(came - once) <= abs(came - twice) or abs(twice - once) < 12 * error
assert right, (
    f"max_iter = 1, 150 starts: expected a mean log-probability of the images near {once:.0f}, what "
    f"one iteration reaches from a random start; came {came:.0f}. Does the loop run once more than "
    "max_iter says, or is the start not random?"
)

# Other seeds, other starts: with two clusters as with three. Twenty random starts that all lead to
# the same assignments have a probability far below 1 in 100,000.
x = np.eye(12, dtype=int)
for k in (3, 2):
    firsts = [check_run(x, k, seed, 1)[0].tolist() for seed in range(20)]
    varies = any(first != firsts[0] for first in firsts)
    for estimate, choose in steps[1:]:  # wrong earlier functions may lead all starts to one result
        if not varies:
            with contextlib.suppress(Exception), quiet():
                results = [
                    np.asarray(
                        choose(x.copy(), np.asarray(estimate(x.copy(), start, k), dtype=float))
                    ).tolist()
                    for start in np.random.default_rng(72).integers(0, k, (20, 12))
                ]
                varies = all(result == firsts[0] for result in results)
    assert varies, (
        f"20 seeds, {k} clusters: expected different starts; came 20 times the same assignments "
        "after one iteration. Draw the start with rng, from all clusters; set no seed and make no "
        "generator inside the function"
    )

# NumPy's global state takes no part.
samples = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    result = check_run(x, 3, 7, 2)
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
    )
    samples.append(result)
same = False
with contextlib.suppress(TypeError, ValueError):
    same = all(
        np.array_equal(np.asarray(a, float), np.asarray(b, float), equal_nan=True)
        for a, b in zip(*samples, strict=True)
    )
assert same, (
    "two runs with the same seed: expected the same result; came two different ones. Draw "
    "everything from rng"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the E-step
#
# Hard clustering gives an image wholly to one cluster, however close the second one is.
# A mixture shares it out.
# The mixture has mixing weights $\pi_k$, and
#
# $$
# p(x_i) = \sum_{k=1}^K \pi_k \prod_{j=1}^d \mu_{kj}^{x_{ij}} (1 - \mu_{kj})^{1 - x_{ij}} .
# $$
#
# The responsibilities follow from Bayes' rule:
#
# $$
# r_{ik} = \frac{\pi_k \, p(x_i \mid k)}{\sum_{l=1}^{K} \pi_l \, p(x_i \mid l)} .
# $$
#
# The result has shape `(n, k)`: one row an image, one column a component.
# Each row sums to 1.
#
# **Watch out.**
# A responsibility is a ratio of weighted *probabilities*, not of their logarithms.
# Yet for many pixels all these probabilities are 0 in floating point, and $0/0$ is not a number.
# Subtract the largest log of a row before you take the exponential: the ratio stays the same.


# %% solution="e_step"
def e_step(x, weights, probabilities):
    """Return the responsibilities of the components for the images.

    Parameters
    ----------
    x : ndarray of 0 and 1, shape (n, d)
        Images.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    probabilities : ndarray, shape (k, d)
        Probability of a one for each component and pixel, strictly between 0 and 1.

    Returns
    -------
    ndarray, shape (n, k)
        Responsibilities; each row sums to 1.
    """
    ### BEGIN SOLUTION
    log_likelihood = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T  # (n, k)
    log_joint = np.log(weights) + log_likelihood
    return np.exp(log_joint - special.logsumexp(log_joint, axis=1, keepdims=True))
    ### END SOLUTION


# %% check="test_e_step" points=1
# Equal components: the image tells nothing, and the responsibilities are the weights.
x = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]])
resp = as_numbers(
    ask(e_step, x.copy(), np.array([0.3, 0.7]), np.tile([0.2, 0.5, 0.9], (2, 1))),
    (4, 2),
    "responsibilities of 4 images and 2 components",
    "A row for each image, a column for each component?",
)
assert_same(
    resp.sum(axis=1), np.ones(4), "the sum of each row", "Over which axis do you normalise?"
)
assert_same(
    resp,
    np.tile([0.3, 0.7], (4, 1)),
    "two equal components, where the responsibilities are the weights",
    "Do you use the weights, and normalise weighted probabilities instead of their logarithms?",
)

# One pixel is 1, the other 0: 0.8 * 0.5 against 0.4 * 0.25, so 4 : 1, times the weights 1 : 4.
assert_same(
    ask(e_step, np.array([[1, 0]]), np.array([0.2, 0.8]), np.array([[0.8, 0.5], [0.4, 0.75]])),
    [[0.5, 0.5]],
    "probabilities 0.8 * (1 - 0.5) and 0.4 * (1 - 0.75), weights 0.2 and 0.8",
    "Does the pixel that is 0 count with 1 - probability? Do you normalise probabilities, and not "
    "their logarithms?",
)

# A thousand further pixels that say the same about all components change nothing.
resp = ask(
    e_step,
    np.ones((1, 1001), dtype=int),
    np.array([0.5, 0.5]),
    np.column_stack([[0.9, 0.3], np.full((2, 1000), 0.1)]),
)
assert_same(
    resp,
    [[0.75, 0.25]],
    "a first pixel with 0.9 : 0.3 and 1,000 pixels that are the same for both",
    "The products are 0 in floating point: subtract the largest logarithm first",
)

# %% check="test_e_step_other_inputs" points=1
# Hidden check: other inputs (k = 1, 3 and 12, n = 1, d = 1, tiny weights, uint8, floats), and that
# the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(51)
cases = [
    (
        "d = 5, k = 3",
        rng.integers(0, 2, (9, 5)),
        np.array([0.2, 0.5, 0.3]),
        rng.uniform(0.05, 0.95, (3, 5)),
    ),
    (
        "d = 3, k = 12",
        rng.integers(0, 2, (7, 3)),
        rng.dirichlet(np.ones(12)),
        rng.uniform(0.05, 0.95, (12, 3)),
    ),
    (
        "n = d = k = 3",
        rng.integers(0, 2, (3, 3)),
        np.array([0.6, 0.3, 0.1]),
        rng.uniform(0.1, 0.9, (3, 3)),
    ),
    (
        "uint8",
        rng.integers(0, 2, (9, 6)).astype(np.uint8),
        np.array([0.25, 0.75]),
        rng.uniform(0.1, 0.9, (2, 6)),
    ),
    (
        "floats",
        rng.integers(0, 2, (9, 6)).astype(float),
        np.array([0.25, 0.75]),
        rng.uniform(0.1, 0.9, (2, 6)),
    ),
    (
        "tiny weight",
        rng.integers(0, 2, (9, 6)),
        np.array([1e-6, 1 - 1e-6]),
        rng.uniform(0.1, 0.9, (2, 6)),
    ),
    (
        "probabilities close to 0 and 1",
        np.array([[1, 0], [0, 1], [1, 1], [0, 0]]),
        np.array([0.5, 0.3, 0.2]),
        np.array([[1e-9, 1e-8], [3e-9, 1 - 1e-8], [1 - 2e-9, 1 - 3e-8]]),
    ),
    ("d = 1", np.array([[0], [1], [1]]), np.array([0.4, 0.6]), np.array([[0.1], [0.8]])),
    ("k = 1", rng.integers(0, 2, (5, 4)), np.array([1]), rng.uniform(0.1, 0.9, (1, 4))),
    ("n = 1", np.array([[0, 1]]), np.array([0.2, 0.3, 0.5]), rng.uniform(0.1, 0.9, (3, 2))),
    ("n = k = 1", np.array([[1]]), np.array([1.0]), np.array([[0.3]])),
]
for name, x, weights, probabilities in cases:
    joint = np.tile(weights.astype(float), (len(x), 1))
    for j in range(x.shape[1]):
        joint *= np.where(x[:, j, None] == 1, probabilities[:, j], 1 - probabilities[:, j])
    expected = joint / joint.sum(axis=1, keepdims=True)
    parameters = (x, weights, probabilities)
    arguments = [part.copy() for part in parameters]
    for writeable in (True, False):
        for argument in arguments:
            argument.flags.writeable = writeable
        resp = ask(e_step, *arguments)
        assert_unchanged("x, weights, probabilities", parameters, arguments)
        assert_same(
            resp,
            expected,
            f"responsibilities, {name}",
            "Ratio of weighted probabilities, summed over the components, with the probabilities "
            "as they are and whatever the type of x?",
            atol=1e-12,
        )
### END HIDDEN TESTS

# %% check="test_e_step_many_pixels" points=2
# Hidden check: 784 and more pixels, where the products are 0 in floating point.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(52)
cases = []
for name, n, d, k, dtype in [
    ("784 pixels", 20, 784, 4, int),
    ("784 pixels, uint8", 20, 784, 10, np.uint8),
    ("5,000 pixels", 8, 5000, 3, float),
]:
    # The components differ in a few pixels only; all others make every image improbable.
    x = rng.integers(0, 2, (n, d)).astype(dtype)
    probabilities = np.tile(rng.choice([0.01, 0.99], d), (k, 1))
    few = rng.choice(d, 6, replace=False)
    probabilities[:, few] = rng.uniform(0.2, 0.8, (k, 6))
    cases.append((name, x, rng.dirichlet(np.full(k, 3.0)), probabilities, few))
x = (rng.random((20, 784)) < 0.2).astype(int)
probabilities = rng.uniform(0.001, 0.999, (5, 784))
cases.append(("all pixels differ", x, rng.dirichlet(np.ones(5)), probabilities, np.arange(784)))
# A row of logarithms near -8, and one near -3,600.
x = np.repeat([[0], [1]], 784, axis=1)
probabilities = np.full((3, 784), 0.01)
probabilities[:, 0] = [0.3, 0.5, 0.8]
cases.append(("a white and a black image", x, np.array([0.2, 0.5, 0.3]), probabilities, [0]))
for name, x, weights, probabilities, few in cases:
    logs = np.tile(np.log(weights), (len(x), 1))
    for j in few:
        pixel = np.where(x[:, j, None] == 1, probabilities[:, j], 1 - probabilities[:, j])
        logs += np.log(pixel)
    expected = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
    # Logs of order 1e4 are known to about 1e-11 only.
    assert_same(
        ask(e_step, x.copy(), weights.copy(), probabilities.copy()),
        expected,
        f"responsibilities, {name}",
        "The products are 0 in floating point: add logarithms of ones, zeros and weights, and "
        "subtract the largest of each row before you take the exponential",
        rtol=1e-7,
        atol=1e-9,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: the M-step
#
# The effective number of images of component $k$ is $N_k = \sum_{i=1}^n r_{ik}$.
# The new parameters are
#
# $$
# \pi_k = \frac{N_k}{n},
# \qquad
# \mu_{kj} = \frac{\sum_{i=1}^n r_{ik} \, x_{ij} + 1}{N_k + 2} .
# $$
#
# The probabilities are smoothed as in Task 2.
# With responsibilities of 0 and 1 they are the same.
#
# **Watch out.**
# The weights are *not* smoothed.
# A component without any responsibility has weight 0 and probability $1/2$ in every pixel.


# %% solution="m_step"
def m_step(x, resp):
    """Return the mixing weights and the smoothed pixel probabilities.

    Parameters
    ----------
    x : ndarray of 0 and 1, shape (n, d)
        Images.
    resp : ndarray, shape (n, k)
        Responsibilities; each row sums to 1.

    Returns
    -------
    weights : ndarray, shape (k,)
        Mixing weights.
    probabilities : ndarray, shape (k, d)
        Probability of a one for each component and pixel.
    """
    ### BEGIN SOLUTION
    counts = resp.sum(axis=0)  # (k,)
    return counts / len(x), (resp.T @ x + 1) / (counts[:, None] + 2)
    ### END SOLUTION


# %% check="test_m_step" points=1
# Whole images: the first belongs to component 0, the other three to component 1.
x = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 1, 0]])
resp = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
weights, probabilities = as_results(ask(m_step, x.copy(), resp.copy()), "weights, probabilities")
assert_same(
    weights,
    [1 / 4, 3 / 4],
    "weights, with one and three of four images",
    "One number for each component? Weights are not smoothed",
)
assert_same(
    probabilities,
    [[2 / 3, 1 / 3, 1 / 3], [3 / 5, 4 / 5, 1 / 5]],
    "probabilities, with one and three of four images",
    "(sum of resp * x + 1)/(sum of resp + 2), with the sums over the images of one component?",
)

# Shared images: component 0 owns a quarter of the first image and half of the second.
result = ask(m_step, np.array([[1], [0]]), np.array([[0.25, 0.75], [0.5, 0.5]]))
weights, probabilities = as_results(result, "weights, probabilities")
assert_same(
    weights, [0.375, 0.625], "weights, with 0.75 and 1.25 of 2 images", "Images count in parts"
)
assert_same(
    probabilities,
    [[1.25 / 2.75], [1.75 / 3.25]],
    "probabilities, with 0.75 and 1.25 of 2 images",
    "Shared images count in parts, above and below: (0.25 + 1)/(0.75 + 2) for component 0",
)

# %% check="test_m_step_other_inputs" points=2
# Hidden check: other inputs (k = 1, 3 and 7, n = 1, d = 1, components without images, several
# hundred images as uint8, integer responsibilities), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(61)
empty = rng.dirichlet(np.ones(3), 10)[:, [0, 0, 1, 2]]
empty[:, 0] = 0
empty /= empty.sum(axis=1, keepdims=True)
cases = [
    ("d = 4, k = 3", rng.integers(0, 2, (15, 4)), rng.dirichlet(np.ones(3), 15)),
    ("d = 2, k = 7", rng.integers(0, 2, (30, 2)), rng.dirichlet(np.full(7, 0.3), 30)),
    ("n = d = k = 3", rng.integers(0, 2, (3, 3)), rng.dirichlet(np.ones(3), 3)),
    ("d = 1", rng.integers(0, 2, (12, 1)), rng.dirichlet(np.ones(2), 12)),
    ("k = 1", rng.integers(0, 2, (8, 5)), np.ones((8, 1))),
    ("floats", rng.integers(0, 2, (12, 6)).astype(float), rng.dirichlet(np.ones(2), 12)),
    ("component 0 empty", rng.integers(0, 2, (10, 3)), empty),
    ("last component empty", rng.integers(0, 2, (10, 3)), empty[:, ::-1]),
    ("whole numbers", rng.integers(0, 2, (9, 4)), np.eye(3, dtype=int)[rng.integers(0, 3, 9)]),
    (
        "700 images as uint8",
        (rng.random((700, 3)) < [0.95, 0.5, 0.05]).astype(np.uint8),
        rng.dirichlet([5.0, 1.0], 700),
    ),
    ("n = 1", np.array([[0, 1, 1]]), np.array([[0.2, 0.8]])),
    ("n = k = d = 1", np.array([[1]]), np.array([[1.0]])),
]
for name, x, resp in cases:
    (n, d), k = x.shape, resp.shape[1]
    weights, probabilities = np.empty(k), np.empty((k, d))
    for c in range(k):
        total = sum(float(resp[i, c]) for i in range(n))
        weights[c] = total / n
        for j in range(d):
            ones = sum(float(resp[i, c]) for i in range(n) if x[i, j] == 1)
            probabilities[c, j] = (ones + 1) / (total + 2)
    arguments = [x.copy(), resp.copy()]
    for writeable in (True, False):
        for argument in arguments:
            argument.flags.writeable = writeable
        result = as_results(ask(m_step, *arguments), "weights, probabilities")
        assert_unchanged("x, resp", (x, resp), arguments)
        for label, part, expected in zip(
            ("weights", "probabilities"), result, (weights, probabilities), strict=True
        ):
            assert_same(
                part,
                expected,
                f"{label}, {name}",
                "Sums over the images; one imaginary 1 and one imaginary 0 for each probability, "
                "and none for the weights",
                atol=1e-12,
            )
### END HIDDEN TESTS

# %% [markdown]
# ## The clusters
#
# The data are 1,797 handwritten digits of 8 by 8 pixels.
# Your functions never see which digit an image shows.
# The upper two rows show the pixel probabilities of ten clusters that your `cluster` finds.
# Above each stand the number of images and the digits that are most frequent among them, with their shares.
# The lower two rows show the components of a mixture after 10 iterations of your `e_step` and `m_step`, started from these clusters.
# Above each stands its mixing weight.

# %% given="figure"
from mixcore import datasets, plotting

digits = datasets.load("digits")
x = np.asarray(binarise(digits.images)).reshape(len(digits.images), -1)
assignments, probabilities = cluster(x, 10, np.random.default_rng(0))
assignments = np.asarray(assignments).astype(int)

titles = []
for j in range(10):
    shown = np.bincount(digits.labels[assignments == j], minlength=10)
    first, second = np.argsort(shown)[::-1][:2]
    shares = 100 * shown / max(shown.sum(), 1)
    titles.append(
        f"{shown.sum()}: {first} ({shares[first]:.0f}%), {second} ({shares[second]:.0f}%)"
    )

weights, soft = m_step(x, np.eye(10)[assignments])
for _ in range(10):
    weights, soft = m_step(x, e_step(x, weights, soft))

figure, (upper, lower) = plt.subplots(2, 1, figsize=(9, 8.4), layout="constrained")
plotting.image_grid(
    probabilities,
    image_shape=(8, 8),
    titles=titles,
    n_columns=5,
    label="probability of ink",
    ax=upper,
)
upper.set_title("hard clusters: number of images, two most frequent digits", pad=12)
plotting.image_grid(
    soft,
    image_shape=(8, 8),
    titles=[f"weight {weight:.3f}" for weight in weights],
    n_columns=5,
    label="probability of ink",
    ax=lower,
)
lower.set_title("mixture after 10 iterations of EM: mixing weight", pad=12)
plt.show()

# %% [markdown]
# ## Question: why one is added above and two below (4 points)
#
# In one cluster with $m$ images, $c$ of them have a 1 in some pixel.
# Let $\mu$ be the probability of a 1 in this pixel.
# Before you see any image you believe in the density $p(\mu) = 6 \, \mu (1 - \mu)$ on $0 < \mu < 1$, which is the Beta distribution with both parameters 2.
#
# 1. Write down the logarithm of the posterior density of $\mu$, up to a constant.
# 2. Find the $\mu$ that maximises it, and show that it is the maximum.
#    It is called the maximum a posteriori estimate.
# 3. Without a prior the maximum is $c/m$.
#    Say what happens with it in a pixel that is white in all images of the cluster, when a new image has ink there; and what happens in an empty cluster.
# 4. Look at your figure.
#    Name one cluster that holds two different digits, or one digit that is spread over several clusters, and explain it by what the model can see.

# %% [markdown] written="discussion_smoothing" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. The images are independent given $\mu$, so the likelihood is $\mu^c (1 - \mu)^{m - c}$.
#    The posterior density is proportional to likelihood times prior:
#    $$\log p(\mu \mid \text{images}) = (c + 1) \log \mu + (m - c + 1) \log (1 - \mu) + \text{const} .$$
#    The prior acts like one more image with a 1 and one more image with a 0.
# 2. The derivative is
#    $$\frac{c + 1}{\mu} - \frac{m - c + 1}{1 - \mu} = \frac{(c + 1) - (m + 2) \mu}{\mu (1 - \mu)} .$$
#    It is 0 for $\mu = (c + 1)/(m + 2)$, positive below and negative above.
#    Since $0 \le c \le m$, this $\mu$ lies strictly between 0 and 1, so it is the only maximum.
#    (Second derivative: $-(c+1)/\mu^2 - (m-c+1)/(1-\mu)^2 < 0$, the function is concave.)
# 3. For $c = 0$ the estimate is $c/m = 0$.
#    A new image with ink there has probability 0 in this cluster, logarithm minus infinity, however well its other pixels fit: one pixel outvotes all others.
#    If every cluster has such a pixel, the image has probability 0 everywhere, and its responsibilities are $0/0$.
#    In an empty cluster $m = 0$, and $c/m = 0/0$ is not a number.
#    The smoothed estimate gives $1/(m+2)$ and $1/2$.
# 4. It depends on the run; any example that the figure supports is right.
#    For instance 3 and 9, often with a part of the 5s, share a cluster: they have the same upper arc and the same lower right stroke and differ in a few pixels only.
#    A cluster of mixed digits, many of them 8s and 9s, has a blurred mean image.
#    The digit 1 is spread over several clusters: its thin stroke, upright or slanted, with or without a serif, has ink in different pixels, and inside a component pixels are independent, so that one component cannot describe a stroke that moves or leans.
#    The 0 and the 6, whose ink lies where no other digit has it, have clusters nearly of their own.
#
# **Rubric.**
#
# - 1 point: likelihood times prior, with the exponents $c + 1$ and $m - c + 1$ in the logarithm.
# - 1 point: the maximum $(c + 1)/(m + 2)$, with the reason why it is a maximum.
#   (The mean of the posterior under a *uniform* prior has the same value. It is another argument: worth a remark, but no point here unless the mode is derived too.)
# - 1 point: probability 0, logarithm minus infinity, whatever the other pixels say; and $0/0$ in the empty cluster.
# - 1 point: an example from the figure with a reason in terms of the model: shared pixels, shift or slant, independence of pixels, no knowledge of labels.
# ### END SOLUTION
