import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from mixcore import kmeans
from mixcore._lloyd import CHUNK, Table, fast_lloyd
from mixcore.kmeans import assign, lloyd, plus_plus

examples = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def blobs(rng, n, d, k, distance=3.0):
    means = rng.normal(0, distance, size=(k, d))
    return means[rng.integers(k, size=n)] + rng.standard_normal((n, d))


def hard_inputs():
    """Points, a start and weights (or None) on which rounding or degeneracy could bite."""
    rng = np.random.default_rng(7)
    x = blobs(rng, 600, 2, 4)
    weights = rng.exponential(size=600)
    twins = np.repeat(x[:40], 15, axis=0)
    far = np.where(rng.random((400, 1)) < 0.5, 0.0, 1e6) + rng.standard_normal((400, 2))
    grid = np.stack(np.meshgrid(np.arange(12.0), np.arange(12.0)), axis=-1).reshape(-1, 2)
    outlier = np.concatenate([x, [[1e12, 0.0]]])
    flat = np.column_stack([x, np.full(600, 0.1)])
    scaled = x * [1e-6, 1e6]
    mixed = np.where(rng.random(600) < 0.3, 0.0, 10.0 ** rng.uniform(-9, 9, 600))
    shift = np.array([1e8, -3e8])
    many = blobs(rng, 3 * CHUNK, 3, 6)
    wide = blobs(rng, 500, 200, 5, 0.5)
    return {
        "blobs": (x, x[:4], None),
        "one cluster": (x, x[:1], None),
        "weights": (x, x[:4], weights),
        "weights of many sizes, a third of them 0": (x, x[:5], mixed),
        "blobs far apart": (far, far[:2], None),
        "blobs far apart, several centres each": (far, far[:7], weights[:400]),
        "offset": (x + 1e8, x[:4] + 1e8, None),
        "offset and weights": (x + shift, x[:4] + shift, weights),
        "columns of other units": (scaled, scaled[:4], None),
        "small units": (x * 1e-100, x[:4] * 1e-100, None),
        "large units": (x * 1e100, x[:4] * 1e100, None),
        "an outlier": (outlier, outlier[[0, 1, 2, -1]], None),
        "an outlier that leaves": (outlier, outlier[:4], None),
        "repeated points": (twins, twins[::150], None),
        "repeated points and centres": (twins, twins[:6], None),
        "constant column": (flat, flat[:4], None),
        "ties on a grid": (grid, grid[[0, 11, 132, 143]], None),
        "k close to n": (x[:40], x[:38], None),
        "k = n": (x[:30], x[:30], None),
        "k = n, start elsewhere": (x[:30], x[30:60], None),
        "a single point": (x[:1], x[1:2], None),
        "two points": (x[:2], x[:2], None),
        "fewer distinct points than k": (np.repeat(x[:3], 5, axis=0), x[:6], None),
        "all points equal": (np.full((50, 2), 0.1), x[:4], None),
        "thirds": (np.full((999, 1), 1 / 3), np.array([[0.0], [1.0], [2.0]]), None),
        "a centre far away": (x, np.concatenate([x[:3], [[1e9, 0.0]]]), None),
        "all centres far away": (x, 1e5 + x[:4], None),
        "equal centres": (x, x[[0, 0, 0, 1]], None),
        "200 dimensions": (wide, wide[:5], None),
        "several chunks": (many, many[:6], None),
        "more than 255 clusters": (x, x[:300], None),
        "order of Fortran": (np.asfortranarray(x), x[:4], None),
    }


HARD = hard_inputs()


def own_history(x, weights, path):
    """Return the SSD after each half-step, straight from the centres."""
    history = []
    for before, after in itertools.pairwise(path):
        labels = assign(x, before)
        for centers in (before, after):
            history.append((weights * ((x - centers[labels]) ** 2).sum(axis=1)).sum())
    return np.array(history)


@pytest.mark.parametrize("name", HARD)
def test_hard_input(name):
    x, start, weights = HARD[name]
    k = len(start)
    result = kmeans(x, k, init=start, tol=0, sample_weight=weights)
    weights = np.ones(len(x)) if weights is None else weights
    used = weights > 0
    x, weights, labels = x[used], weights[used], result.labels[used]
    assert result.converged
    assert np.isfinite(result.centers_history).all()
    # The history is that of the centres returned, and never rises.
    history = own_history(x, weights, result.centers_history)
    largest = history.max()
    np.testing.assert_allclose(result.inertia_history, history, rtol=1e-9, atol=1e-30 * largest)
    rounding = weights.sum() * (1e-15 * np.abs(x).max()) ** 2  # of the means, in each point
    assert (np.diff(history) <= 1e-12 * history[:-1] + rounding).all()
    # A fixed point: nearest centres, means of their points, no cluster empty without need.
    squared = ((x[:, None] - result.centers) ** 2).sum(axis=2)
    slack = 1e-13 * np.abs(x - x[0]).max() ** 2
    assert (squared[np.arange(len(x)), labels] <= squared.min(axis=1) + slack).all()
    scale = np.abs(x).max(axis=0)
    for j in np.unique(labels):
        own = labels == j
        mean = np.average(x[own] - x[own][0], axis=0, weights=weights[own]) + x[own][0]
        assert (np.abs(result.centers[j] - mean) <= 1e-12 * scale).all()
    distinct = len(np.unique(x, axis=0))
    assert len(np.unique(labels)) == min(k, distinct)


@pytest.mark.parametrize("name", HARD)
def test_the_fast_form_takes_the_steps_of_the_plain_one(name):
    x, start, weights = HARD[name]
    weights = np.ones(len(x)) if weights is None else weights
    x, weights = x[weights > 0], weights[weights > 0]
    for max_iter, tol in ((1, 0.0), (4, 0.0), (300, 1e-3), (300, 0.0)):
        plain = lloyd(x, start, weights, max_iter, tol)
        fast = fast_lloyd(Table(x, weights), start, max_iter, tol)
        np.testing.assert_array_equal(fast.labels, plain.labels)
        assert (fast.n_iter, fast.converged) == (plain.n_iter, plain.converged)
        assert fast.inertia == pytest.approx(plain.inertia, rel=1e-9, abs=1e-30)
        # At an offset of 1e8 the plain mean itself is only good to 1e-6.
        scale = 1e-12 * np.abs(x).max(axis=0) + 1e-13 * np.abs(x - x[0]).max(axis=0)
        gap = np.abs(fast.centers_history - plain.centers_history)
        assert (gap <= scale + 1e-15 * np.abs(start).max()).all()


@examples
@given(seed=seeds, n=st.integers(200, 900), k=st.integers(2, 9), d=st.integers(1, 5))
def test_the_fast_form_equals_the_plain_one(seed, n, k, d):
    rng = np.random.default_rng(seed)
    x = blobs(rng, n, d, k, rng.uniform(0.1, 5))
    start = x[rng.choice(n, size=k, replace=False)]
    weights = rng.integers(1, 4, size=n) / 3 if seed % 3 else np.ones(n)
    plain = lloyd(x, start, weights, 300, 0.0)
    fast = fast_lloyd(Table(x, weights), start, 300, 0.0)
    np.testing.assert_array_equal(fast.labels, plain.labels)
    np.testing.assert_allclose(fast.inertia_history, plain.inertia_history, rtol=1e-10)


@examples
@given(seed=seeds, k=st.integers(1, 6), d=st.integers(1, 3))
def test_no_half_step_raises_the_ssd(seed, k, d):
    rng = np.random.default_rng(seed)
    result = kmeans(rng.standard_normal((30, d)), k, init="random_from_data", tol=0, rng=rng)
    assert np.diff(result.inertia_history).max(initial=0) <= 1e-10
    assert len(result.inertia_history) == 2 * result.n_iter
    assert len(result.centers_history) == result.n_iter + 1


@examples
@given(seed=seeds, k=st.integers(2, 6))
def test_permuted_centres_permute_the_result(seed, k):
    rng = np.random.default_rng(seed)
    x, order = blobs(rng, 200, 2, k), rng.permutation(k)
    one = kmeans(x, k, init=x[:k], tol=0)
    other = kmeans(x, k, init=x[:k][order], tol=0)
    np.testing.assert_allclose(other.centers_history, one.centers_history[:, order], atol=1e-12)
    np.testing.assert_array_equal(order[other.labels], one.labels)


@examples
@given(seed=seeds, k=st.integers(1, 6))
def test_weights_equal_duplication(seed, k):
    rng = np.random.default_rng(seed)
    x, counts = blobs(rng, 200, 2, k), rng.integers(0, 4, size=200)
    start = x[:k] + (100.0 if seed % 4 == 0 else 0.0)  # far away: all clusters but one are empty
    one = kmeans(x, k, init=start, tol=0, sample_weight=counts)
    other = kmeans(np.repeat(x, counts, axis=0), k, init=start, tol=0)
    np.testing.assert_allclose(one.centers_history, other.centers_history, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(one.inertia_history, other.inertia_history, rtol=1e-11, atol=1e-20)
    np.testing.assert_array_equal(np.repeat(one.labels, counts), other.labels)
    unused = counts == 0
    np.testing.assert_array_equal(one.labels[unused], assign(x[unused], one.centers))


def test_points_of_weight_0_do_not_matter(rng):
    x = blobs(rng, 300, 2, 3)
    counts = np.ones(300)
    counts[::7] = 0
    moved = np.where(counts[:, None] == 0, 1e6, x)
    for init in ("k-means++", "random_from_data"):
        options = {"init": init, "n_init": 3, "sample_weight": counts}
        one = kmeans(x, 3, rng=np.random.default_rng(5), **options)
        other = kmeans(moved, 3, rng=np.random.default_rng(5), **options)
        np.testing.assert_array_equal(one.centers_history, other.centers_history)
        np.testing.assert_array_equal(one.labels[counts > 0], other.labels[counts > 0])


@examples
@given(seed=seeds, shift=st.floats(-1e4, 1e4), factor=st.floats(1e-3, 1e3))
def test_moving_and_scaling_the_data_carry_through(seed, shift, factor):
    rng = np.random.default_rng(seed)
    x = blobs(rng, 200, 3, 4)
    one = kmeans(x, 4, init=x[:4], tol=0)
    other = kmeans(factor * (x + shift), 4, init=factor * (x[:4] + shift), tol=0)
    np.testing.assert_array_equal(other.labels, one.labels)
    np.testing.assert_allclose(other.centers / factor - shift, one.centers, atol=1e-10)
    np.testing.assert_allclose(other.inertia_history / factor**2, one.inertia_history, rtol=1e-9)


def test_a_common_factor_of_the_weights_scales_the_ssd_only(rng):
    x = blobs(rng, 200, 2, 3)
    weights = rng.exponential(size=200)
    one, other = (kmeans(x, 3, init=x[:3], sample_weight=f * weights) for f in (1, 1e-30))
    np.testing.assert_array_equal(other.labels, one.labels)
    assert other.inertia == pytest.approx(1e-30 * one.inertia, rel=1e-12)


def test_best_of_restarts_is_the_best_of_all_labellings():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((7, 2))

    def ssd(labels):
        labels = np.array(labels)
        groups = [x[labels == k] for k in set(labels.tolist())]
        return sum(((g - g.mean(axis=0)) ** 2).sum() for g in groups)

    best = min(ssd(labels) for labels in itertools.product(range(2), repeat=7))
    assert kmeans(x, 2, n_init=30, rng=rng).inertia == pytest.approx(best)


def test_scikit_learn_takes_the_same_steps(faithful):
    start = faithful[[0, 1, 2]]
    theirs = KMeans(3, init=start, n_init=1, algorithm="lloyd", tol=0).fit(faithful)
    ours = kmeans(faithful, 3, init=start, tol=0)
    np.testing.assert_array_equal(ours.labels, theirs.labels_)
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-12)
    assert ours.converged


@pytest.mark.parametrize(
    ("n", "d", "k", "weighted"),
    [(5000, 2, 5, False), (5000, 2, 5, True), (3000, 16, 10, False), (20_000, 2, 4, False)],
)
def test_scikit_learn_agrees_on_larger_data(rng, n, d, k, weighted):
    x = blobs(rng, n, d, k)
    weights = rng.exponential(size=n) if weighted else None
    model = KMeans(k, init=x[:k], n_init=1, algorithm="lloyd", tol=0, max_iter=1000)
    theirs = model.fit(x, sample_weight=weights)
    ours = kmeans(x, k, init=x[:k], tol=0, max_iter=1000, sample_weight=weights)
    np.testing.assert_array_equal(ours.labels, theirs.labels_)
    np.testing.assert_allclose(ours.centers, theirs.cluster_centers_, atol=1e-10)
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-10)
    assert ours.n_iter == theirs.n_iter_


def test_tol_and_max_iter_are_told_apart(rng):
    x = blobs(rng, 2000, 2, 5, 1.0)
    full = kmeans(x, 5, init=x[:5], tol=0)
    early = kmeans(x, 5, init=x[:5], tol=1e-2)
    short = kmeans(x, 5, init=x[:5], tol=0, max_iter=full.n_iter - 1)
    assert (full.converged, early.converged, short.converged) == (True, True, False)
    assert early.n_iter < full.n_iter
    after = early.inertia_history[1::2]
    falls = -np.diff(after) / after[1:]
    assert falls[-1] <= 1e-2 < falls[:-1].min()
    np.testing.assert_allclose(short.centers_history, full.centers_history[:-1], atol=1e-12)


def test_runs_repeat_exactly_and_leave_their_input_alone(rng):
    x, weights = blobs(rng, 3 * CHUNK, 1, 3), rng.exponential(size=3 * CHUNK)
    before = x.copy(), weights.copy()
    one, other = (
        kmeans(x, 3, n_init=2, sample_weight=weights, rng=np.random.default_rng(3)) for _ in "ab"
    )
    np.testing.assert_array_equal(one.centers_history, other.centers_history)
    np.testing.assert_array_equal(one.inertia_history, other.inertia_history)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(weights, before[1])


@pytest.mark.parametrize("k", [1, 3])
def test_the_callback_sees_every_iteration_of_every_start(rng, k):
    x, seen = blobs(rng, 100, 2, 3), []

    def callback(iteration, centers):
        seen.append((iteration, centers.copy()))
        centers[:] = 0  # what a caller does to them must not matter

    result = kmeans(x, k, n_init=3, rng=np.random.default_rng(0), callback=callback)
    starts = [i for i, (iteration, _) in enumerate(seen) if iteration == 0]
    assert len(starts) == 3
    paths = [
        np.array([centers for _, centers in seen[low:high]])
        for low, high in itertools.pairwise([*starts, len(seen)])
    ]
    assert any(np.array_equal(path, result.centers_history) for path in paths)
    quiet = kmeans(x, k, n_init=3, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(quiet.centers, result.centers)


def test_memory_stays_modest(rng):
    x = blobs(rng, 100_000, 2, 4)
    kmeans(x[:100], 4, rng=rng)
    tracemalloc.start()
    kmeans(x, 4, rng=rng)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * len(x) + 2e6  # bytes


def test_an_empty_cluster_is_rescued():
    x = np.array([[0.0], [1.0], [9.0], [10.0]])
    result = kmeans(x, 3, init=[[0.0], [1.0], [1000.0]])
    assert np.unique(result.labels).size == 3
    assert np.isfinite(result.centers).all()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    seed=seeds,
    k=st.integers(2, 12),
    spread=st.sampled_from([0, 3, 1e3]),
    tol=st.sampled_from([0, 1e-6, 1e9]),
)
def test_no_cluster_stays_empty(seed, k, spread, tol):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, size=(16, 2)).astype(float)
    distinct = len(np.unique(x, axis=0))
    result = kmeans(x, k, init=spread * rng.standard_normal((k, 2)), tol=tol)
    assert result.converged
    assert len(np.unique(result.labels)) == min(k, distinct)
    assert np.diff(result.inertia_history).max(initial=0) <= 1e-10


def test_more_clusters_than_distinct_points(rng):
    result = kmeans(np.ones((5, 2)), 3, rng=rng)
    assert result.inertia == 0
    assert np.isfinite(result.centers).all()


def test_plus_plus_spreads_the_centres(rng):
    x = np.concatenate([rng.normal(m, 0.01, size=(50, 1)) for m in (0, 100, 200)])
    starts = [kmeans(x, 3, max_iter=1, rng=rng).centers_history[0].ravel() for _ in range(20)]
    assert all(np.ptp(np.diff(np.sort(s))) < 1 for s in starts)


def test_plus_plus_takes_the_better_of_two_draws_by_weight_times_squared_distance():
    # Points 0, 1 and 3.  A false alarm has probability below 1e-5 (each count within 5 sigma).
    x, weights, n = np.array([[0.0], [1.0], [3.0]]), np.array([0.5, 0.3, 0.2]), 4000
    rng = np.random.default_rng(11)
    table = Table(x, weights)
    counts = np.zeros((3, 3))
    for _ in range(n):
        first, second = plus_plus(x, weights, 2, rng, table.distances_to).ravel()
        counts[np.flatnonzero(x == first)[0], np.flatnonzero(x == second)[0]] += 1
    squared = (x - x.T) ** 2
    mass = weights * squared
    chances = mass / mass.sum(axis=1, keepdims=True)  # of one draw, given the first centre
    expected = np.zeros((3, 3))
    for first, one, other in itertools.product(range(3), repeat=3):
        ssd = [weights @ np.minimum(squared[first], squared[j]) for j in (one, other)]
        taken = other if ssd[1] < ssd[0] else one
        expected[first, taken] += weights[first] * chances[first, one] * chances[first, other]
    deviation = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(counts / n - expected) <= 5 * deviation).all()
    # Single draws would look otherwise.
    assert (np.abs(counts / n - weights[:, None] * chances) > 5 * deviation).any()


@pytest.mark.parametrize("name", HARD)
def test_fast_distances_to_one_centre(name):
    x, start, _ = HARD[name]
    for center in (x[0], x[len(x) // 2], start[-1]):
        plain = ((x - center) ** 2).sum(axis=1)
        np.testing.assert_allclose(
            Table(x, np.ones(len(x))).distances_to(center), plain, rtol=1e-5, atol=0
        )


@pytest.mark.parametrize("name", HARD)
def test_plus_plus_on_hard_input(name):
    x, start, weights = HARD[name]
    result = kmeans(x, len(start), sample_weight=weights, rng=np.random.default_rng(1), tol=0)
    assert result.converged
    assert np.isfinite(result.centers_history).all()
    assert np.isfinite(result.inertia_history).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": [[np.nan]]}, "x holds nan"),
        ({"x": [[1.0]]}, "x has 1 points but n_clusters is 2"),
        ({"n_clusters": 0}, "n_clusters is 0"),
        ({"init": "far"}, "init is 'far'"),
        ({"init": [[0.0, 0.0]]}, "init has 2 columns|init has 1 centres"),
        ({"init": [[0.0]]}, "init has 1 centres but n_clusters is 2"),
        ({"n_init": -1}, "n_init is -1"),
        ({"max_iter": 0}, "max_iter is 0"),
        ({"tol": "small"}, "tol is 'small'"),
        ({"rng": None}, "rng is None"),
        ({"x": [1e200, 0.0]}, "largest absolute value in x is 1e\\+200"),
        ({"x": [1e-200, 0.0]}, "largest absolute value in x is 1e-200"),
        ({"init": [[0.0], [1e180]]}, "largest absolute value in init"),
        ({"sample_weight": [1.0, 2.0]}, "sample_weight has shape"),
        ({"sample_weight": [-1.0, 1, 1, 1, 1, 1]}, "sample_weight\\[0\\] is -1"),
        ({"sample_weight": [0, 1, 0, 0, 0, 0]}, "only 1 points have a positive sample_weight"),
    ],
)
def test_bad_input_is_named(changes, words):
    arguments = {"x": np.arange(6.0), "n_clusters": 2, "rng": np.random.default_rng(0)} | changes
    with pytest.raises(ValueError, match=words):
        kmeans(arguments.pop("x"), arguments.pop("n_clusters"), **arguments)
