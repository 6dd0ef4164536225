import itertools
import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from mixcore import GaussianMixture, NCEStudy, matched_error, nce_study
from mixcore.noise_contrastive_study import closest_error


def study_of(squared_errors, failed=None, sizes=None, **changes):
    """Return a study with given errors (v, s, r)."""
    squared_errors = np.asarray(squared_errors, dtype=float)
    v, s, _ = squared_errors.shape
    failed = np.zeros(squared_errors.shape, bool) if failed is None else np.asarray(failed)
    sizes = np.arange(1, s + 1) * 100 if sizes is None else np.asarray(sizes)
    fields = {"unknown_z": (False, True)[:v], "unconverged": failed, "ml_trace": 50.0}
    return NCEStudy(sizes, **fields | changes, squared_errors=squared_errors, failed=failed,
                    asymptotic_traces=np.full(v, 100.0))  # fmt: skip


@pytest.fixture(scope="module")
def reduced():
    """Return a study that is small, but large enough for the asymptotic theory."""
    return nce_study((500, 1000, 2000, 4000), 40, rng=np.random.default_rng(11), progress=False)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(k=st.integers(1, 4), d=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_closest_error_by_brute_force(k, d, seed):
    estimate, truth = np.random.default_rng(seed).standard_normal((2, k, d))
    squares = [[sum((a - b) ** 2) for b in truth] for a in estimate]
    closest = [row.index(min(row)) for row in squares]
    ok, error = closest_error(estimate, truth)
    assert ok is (len(set(closest)) == k)
    assert error == pytest.approx(sum(map(min, squares)))
    if ok:
        assert error == pytest.approx(matched_error(estimate, truth))
    else:
        assert error < matched_error(estimate, truth)


def test_closest_error_names_bad_input():
    with pytest.raises(ValueError, match="both must be"):
        closest_error([[0.0], [1.0]], [[0.0]])
    with pytest.raises(ValueError, match="estimate holds nan"):
        closest_error([[np.nan]], [[0.0]])


def test_the_error_falls_as_theory_says(reduced):
    """Slope -1, level tr(Sigma) / J.  A false alarm has a probability under 1e-4 in all."""
    assert reduced.squared_errors.shape == (2, 4, 40)
    assert reduced.n_failures.max() <= 2
    slopes, errors = reduced.slopes()
    assert (np.abs(slopes + 1) < 4.5 * errors).all()
    assert (np.abs(slopes + 0.5) > 4.5 * errors).all()  # another rate would be noticed
    low, high = np.moveaxis(reduced.mse_intervals(level=1 - 1e-5), -1, 0)
    assert ((low < reduced.theory_mse) & (reduced.theory_mse < high))[:, 1:].all()
    assert (reduced.ml_mse < low).all()  # and so would the level of maximum likelihood
    np.testing.assert_allclose(reduced.asymptotic_traces, [105.8847, 106.3756], atol=1e-3)
    np.testing.assert_allclose(reduced.ml_mse * reduced.sizes, reduced.ml_trace)


@pytest.mark.parametrize("repeats", [1, 3, 7, 50, 100, 1000])
def test_failure_intervals_hold_the_rate_that_was_seen(repeats):
    """Rounding must not put an end beyond a rate of 0 or 1."""
    for share in (False, True):
        study = study_of(np.ones((1, 1, repeats)), np.full((1, 1, repeats), share))
        for level in (0.5, 0.9, 0.95, 0.99):
            low, high = study.failure_intervals(level)[0, 0]
            assert 0 <= low <= float(share) <= high <= 1


def test_any_number_of_workers_gives_the_same_result():
    before = dict(os.environ)
    seen = {1: [], 2: []}
    one, two = (
        nce_study(
            (50, 80), 3, rng=np.random.default_rng(0), workers=workers, progress=False,
            callback=lambda *arguments, log=seen[workers]: log.append(arguments),
        )
        for workers in (1, 2)
    )  # fmt: skip
    for name in ("squared_errors", "failed", "unconverged", "asymptotic_traces"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert len(np.unique(one.squared_errors)) == one.squared_errors.size  # no draw comes twice
    assert dict(os.environ) == before
    for log in seen.values():
        assert [iteration for iteration, _ in log] == [1, 2, 3, 4, 5, 6]
        assert [size for _, (size, _, _) in log] == [50, 50, 50, 80, 80, 80]
        errors = np.array([squared_errors for _, (_, squared_errors, _) in log])
        np.testing.assert_array_equal(errors.T.reshape(2, 2, 3), one.squared_errors)


class Flat:
    """Noise whose points have one coordinate, wherever its density is asked for."""

    def log_density(self, y):
        return np.full(len(y), -5.0)

    def sample(self, n, rng):
        return rng.uniform(-5, 8, n)


def test_an_error_in_a_worker_reaches_the_caller():
    with pytest.raises(ValueError, match="noise_points has 1 columns"):
        nce_study([50], 1, noise=Flat(), workers=2, rng=np.random.default_rng(0), progress=False)


def test_variants_share_their_data_and_start():
    study = nce_study(
        [100], 3, unknown_z=(False, False), rng=np.random.default_rng(1), progress=False
    )
    np.testing.assert_array_equal(study.squared_errors[0], study.squared_errors[1])
    single = nce_study([100], 3, unknown_z=False, rng=np.random.default_rng(1), progress=False)
    np.testing.assert_array_equal(single.squared_errors[0], study.squared_errors[0])
    assert single.unknown_z == (False,)


def test_failures_are_counted_and_left_out():
    # Equal starts stay equal: every fit converges, and its estimates share one true mean.
    shared = nce_study(
        [100], 3, start_range=(1.4, 1.4), rng=np.random.default_rng(1), progress=False
    )
    assert shared.n_failures.tolist() == [[3], [3]]
    assert not shared.unconverged.any()
    # Starts out of sight of the data stay there.
    lost = nce_study([100], 3, start_range=(70, 80), rng=np.random.default_rng(1), progress=False)
    assert lost.failed.all()
    assert lost.unconverged.all()
    assert np.isfinite(lost.squared_errors).all()
    assert np.isnan(lost.mse).all()
    np.testing.assert_array_equal(lost.mse_intervals()[0, 0], [0, np.inf])

    # Noise that misses the data leaves the fit undetermined, however near the estimate may be.
    apart = nce_study(
        [50], 3, means=[0.0], noise=GaussianMixture([1.0], [11.0], [1.0]), unknown_z=False,
        start_range=(-1, 1), rng=np.random.default_rng(1), progress=False,
    )  # fmt: skip
    assert apart.squared_errors.max() <= 1
    assert apart.failed.all()
    assert apart.unconverged.all()

    errors = [[[1.0, 2.0, 100.0, 3.0], [5.0, 1.0, 1.0, 1.0]]]
    failed = [[[False, False, True, False], [False, True, True, True]]]
    study = study_of(errors, failed)
    np.testing.assert_array_equal(study.mse, [[2.0, 5.0]])
    np.testing.assert_array_equal(study.n_failures, [[1, 3]])
    np.testing.assert_array_equal(study.n_kept, [[3, 1]])
    np.testing.assert_array_equal(study.mse_intervals()[0, 1], [0, np.inf])
    np.testing.assert_allclose(study.log_mse_errors[0, 0], np.std([1, 2, 3], ddof=1) / 3**0.5 / 2)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_failure_intervals_are_those_of_wilson(level):
    runs = 20
    failed = np.arange(runs) < np.arange(runs + 1)[:, None]  # 0 .. 20 failures
    study = study_of(np.ones((1, runs + 1, runs)), failed[None])
    for count, interval in enumerate(study.failure_intervals(level)[0]):
        expected = binomtest(count, runs).proportion_ci(level, method="wilson")
        np.testing.assert_allclose(interval, [expected.low, expected.high], atol=1e-12)


def test_error_intervals_hold_the_expectation_as_often_as_they_say(rng):
    studies, runs = 4000, 50
    study = study_of(rng.chisquare(8, (1, studies, runs)))  # squared errors of four means
    low, high = np.moveaxis(study.mse_intervals(), -1, 0)
    coverage = ((low < 8) & (high > 8)).mean()
    assert 0.93 < coverage < 0.965  # 0.95 less a little for the skewness; 4 sd are 0.014


def test_slopes_of_a_power_law(rng):
    sizes = np.array([100, 300, 1000, 5000])
    exact = 7 / sizes[None, :, None] ** 1.5 * np.ones(3)
    slopes, errors = study_of(exact, sizes=sizes).slopes()
    np.testing.assert_allclose(slopes, -1.5)
    np.testing.assert_allclose(errors, 0, atol=1e-12)
    # The standard error is the scatter of the slope over many studies.
    scaled = [study_of(rng.chisquare(8, (1, 4, 50)) / sizes[:, None], sizes=sizes).slopes()
              for _ in range(1000)]  # fmt: skip
    slopes, errors = np.array(scaled)[:, :, 0].T
    assert abs(slopes.mean() + 1) < 4.5 * slopes.std() / 1000**0.5
    assert np.sqrt((errors**2).mean()) == pytest.approx(slopes.std(), rel=0.12)  # 4.5 sd and bias


@pytest.mark.parametrize("study", [study_of(np.ones((1, 1, 5))), study_of(np.ones((1, 3, 1)))])
def test_a_slope_needs_sizes_and_runs(study):
    with pytest.raises(ValueError, match="two sizes and two runs"):
        study.slopes()


@pytest.mark.parametrize("installed", [True, False])
def test_the_progress_bar_is_on_stderr_if_at_all(installed, capsys, monkeypatch):
    if not installed:
        for name in ("tqdm", "threadpoolctl"):
            monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    else:
        pytest.importorskip("tqdm")
    for progress in (False, True):
        study = nce_study([50], 2, progress=progress, rng=np.random.default_rng(0))
        assert study.squared_errors.shape == (2, 1, 2)
        out, err = capsys.readouterr()
        assert out == ""
        assert ("2/2" in err) is (progress and installed)


def test_one_and_three_dimensions():
    for means in ([[0.0], [3.0]], [[0.0, 0.0, 0.0], [3.0, 0.0, 3.0]]):
        study = nce_study([300], 4, means=means, rng=np.random.default_rng(0), progress=False)
        assert study.n_kept.min() >= 2
        ratios = study.mse / study.theory_mse
        assert ((ratios > 0.1) & (ratios < 10)).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sizes": []}, "0 sizes"),
        ({"sizes": [1]}, "a size is 1"),
        ({"sizes": [10.0]}, "a size is 10.0"),
        ({"repeats": 0}, "repeats"),
        ({"unknown_z": ()}, "0 variants"),
        ({"workers": 0}, "workers"),
        ({"rng": 3}, "rng is 3"),
        ({"means": [[np.nan, 0.0]]}, "means holds nan"),
        ({"start_range": (3.0, 0.0)}, "start_range"),
        ({"start_range": 3.0}, "start_range"),
        ({"noise": SimpleNamespace(sample=lambda n, rng: np.zeros((n, 2)))}, "log_density"),
    ],
)
def test_bad_input_is_named(changes, words):
    arguments = {"sizes": [10], "repeats": 1, "rng": np.random.default_rng(0), "progress": False}
    with pytest.raises(ValueError, match=words):
        nce_study(**arguments | changes)


def test_sizes_and_runs_are_not_mixed_up():
    """Large errors belong to the small size, in whichever order the sizes come."""
    for sizes in itertools.permutations([60, 6000]):
        study = nce_study(sizes, 5, rng=np.random.default_rng(2), unknown_z=False, progress=False)
        small, large = (study.squared_errors[0, sizes.index(size)] for size in (60, 6000))
        assert small.min() > large.max()
