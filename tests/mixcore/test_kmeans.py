import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from mixcore import kmeans


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 6), d=st.integers(1, 3))
def test_no_half_step_raises_the_ssd(seed, k, d):
    rng = np.random.default_rng(seed)
    result = kmeans(rng.standard_normal((30, d)), k, init="random_from_data", tol=0, rng=rng)
    assert np.diff(result.inertia_history).max(initial=0) <= 1e-10
    assert len(result.inertia_history) == 2 * result.n_iter
    assert len(result.centers_history) == result.n_iter + 1


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


def test_an_empty_cluster_is_rescued():
    x = np.array([[0.0], [1.0], [9.0], [10.0]])
    result = kmeans(x, 3, init=[[0.0], [1.0], [1000.0]])
    assert np.unique(result.labels).size == 3
    assert np.isfinite(result.centers).all()


def test_more_clusters_than_distinct_points(rng):
    result = kmeans(np.ones((5, 2)), 3, rng=rng)
    assert result.inertia == 0
    assert np.isfinite(result.centers).all()


def test_plus_plus_spreads_the_centres(rng):
    x = np.concatenate([rng.normal(m, 0.01, size=(50, 1)) for m in (0, 100, 200)])
    starts = [kmeans(x, 3, max_iter=1, rng=rng).centers_history[0].ravel() for _ in range(20)]
    assert all(np.ptp(np.diff(np.sort(s))) < 1 for s in starts)


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
    ],
)
def test_bad_input_is_named(changes, words):
    arguments = {"x": np.arange(6.0), "n_clusters": 2, "rng": np.random.default_rng(0)} | changes
    with pytest.raises(ValueError, match=words):
        kmeans(arguments.pop("x"), arguments.pop("n_clusters"), **arguments)
