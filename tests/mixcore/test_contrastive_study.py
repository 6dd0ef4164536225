import dataclasses

import numpy as np
import pytest

from mixcore import (
    GaussianMixture,
    MeansStudy,
    fit_means,
    matched_error,
    means_study,
)
from mixcore._means_runs import MixtureBatch, ascend

CORNERS = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
START = np.array([[0.5, 0.2], [0.1, 2.0], [2.5, 0.4], [2.0, 2.2]])


def study(**options):
    options = {"repeats": 4, "n_steps": 5, "rng": np.random.default_rng(0)} | options
    return means_study(progress=False, **options)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("shape", [(3, 4, 2), (1, 1, 3), (5, 2, 1)])
def test_a_batch_is_its_mixtures_side_by_side(shape, sigma):
    rng = np.random.default_rng(0)
    means, points = rng.normal(0, 3, shape), rng.normal(0, 5, (shape[0], 7, shape[2]))
    batch = MixtureBatch(means, sigma)
    log_density, score = batch.log_density_and_score(points.reshape(-1, shape[2]))
    gradient, ratios = batch.mean_gradient(points), []
    for i, (own_means, own_points) in enumerate(zip(means, points, strict=True)):
        mixture = GaussianMixture.isotropic(own_means, sigma)
        rows = slice(7 * i, 7 * i + 7)
        ratios.append(mixture.log_density(own_points) - log_density[rows])
        np.testing.assert_allclose(score[rows], mixture.score(own_points), rtol=1e-9, atol=1e-12)
        expected = mixture.mean_gradient(own_points)
        np.testing.assert_allclose(gradient[i], expected, rtol=1e-9, atol=1e-12)
    assert np.ptp(ratios) < 1e-10  # one constant for all of them


@pytest.mark.parametrize(
    "options",
    [
        {"method": "direct"},
        {"method": "mcmc", "n_langevin": 6},
        {"method": "mcmc", "n_langevin": 6, "chain_start": GaussianMixture.isotropic([[1.5, 1.5]])},
        {"method": "cd", "step": 0.1, "average_from": 2},
        {"method": "pcd", "step": 0.2, "learning_rate": 2.0, "step_decay": 0.1},
        {"method": "cd", "sampler": "ula", "step": 0.3},
    ],
)
@pytest.mark.parametrize("sigma", [1.0, 1.5])
def test_one_repetition_is_one_fit(options, sigma):
    result = study(repeats=1, start=START, n_points=300, n_synthetic=20, sigma=sigma, **options)
    (rng,) = np.random.default_rng(0).spawn(1)
    x, _ = GaussianMixture.isotropic(CORNERS, sigma).sample(300, rng)
    fit = fit_means(x, 4, start=START, n_synthetic=20, sigma=sigma, n_steps=5, rng=rng, **options)
    np.testing.assert_allclose(result.means[0], fit.means, rtol=1e-9)
    np.testing.assert_allclose(result.averaged_means[0], fit.averaged_means, rtol=1e-9)
    assert result.acceptance[0] == pytest.approx(fit.acceptance.mean())
    assert result.n_langevin_steps == fit.n_langevin_steps
    errors = [matched_error(means, CORNERS) for means in fit.means_history]
    np.testing.assert_allclose(result.error_history[0], errors, rtol=1e-9)


def test_maximum_likelihood_is_where_the_exact_gradient_vanishes():
    rng = np.random.default_rng(1)
    x = np.stack([GaussianMixture.isotropic(CORNERS).sample(200, rng)[0] for _ in range(3)])
    means = ascend(x, np.repeat(CORNERS[None], 3, axis=0), 1.0)
    for own_means, own_points in zip(means, x, strict=True):
        gradient = GaussianMixture.isotropic(own_means).mean_gradient(own_points)
        assert np.abs(gradient).max() < 1e-8


def test_repetitions_differ_and_estimates_are_in_the_order_of_the_truth():
    result = study(repeats=30, n_steps=60, learning_rate=2.0)
    assert len(np.unique(result.means[:, 0, 0])) == 30
    for means, squared_error, history in zip(
        result.means, result.squared_errors, result.error_history, strict=True
    ):
        assert squared_error == pytest.approx(matched_error(means, CORNERS))
        assert squared_error == pytest.approx(history[-1])
    # 1,000 points allow 52.6 / 1000 (see mixcore.ml_asymptotic_covariance); 30 repetitions
    # scatter around it by less than a fifth each way, five times their standard error.
    assert 0.02 < result.ml_squared_errors.mean() < 0.1
    assert result.averaged_squared_errors.mean() < result.squared_errors.mean()


def test_any_number_of_workers_gives_the_same_result():
    one, two = (study(repeats=30, n_points=120, workers=workers) for workers in (1, 2))
    for field in dataclasses.fields(MeansStudy):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(two, field.name))


def test_only_the_repetition_that_runs_away_stops():
    """Ten times the stable rate: no fit survives, and each is reported instead of raised."""
    result = study(learning_rate=80.0, n_steps=200)
    assert result.diverged.all()
    assert np.isfinite(result.means).all()
    assert np.isnan(result.bias()[0]).all()
    assert not study(learning_rate=1.0).diverged.any()


def test_bias_is_the_mean_difference_with_students_interval():
    zeros = np.zeros((3, 2, 1))
    estimates = np.array([1.0, 2.0, 6.0])[:, None, None] * np.array([[1.0], [0.0]])
    result = MeansStudy(
        true_means=zeros[0], means=estimates, averaged_means=2 * estimates, ml_means=zeros,
        error_history=np.zeros((3, 2)), acceptance=np.ones(3), diverged=np.zeros(3, bool),
        n_langevin_steps=0,
    )  # fmt: skip
    bias, half_width = result.bias(averaged=False)
    np.testing.assert_allclose(bias, [[3.0], [0.0]])
    # t quantile for 2 degrees of freedom 4.302653, standard deviation sqrt(7)
    np.testing.assert_allclose(half_width, [[4.302653 * np.sqrt(7 / 3)], [0.0]], rtol=1e-6)
    along, _ = result.bias([[3.0], [4.0]])
    assert along == pytest.approx(6 * 0.6)
    lost = dataclasses.replace(result, diverged=np.array([False, False, True]))
    assert lost.bias([[1.0], [0.0]], averaged=False)[0] == pytest.approx(1.5)
    assert dataclasses.replace(result, diverged=np.array([False, True, True])).bias(
        [[1.0], [0.0]], averaged=False
    ) == (1.0, np.inf)


def test_cd_with_long_chains_has_less_bias_than_with_few_steps_of_ula():
    """Unadjusted chains with a large step leave the model's distribution: a bias that stays."""
    options = {
        "true_means": [[0.0], [1.5]], "start": [[0.0], [1.5]], "method": "cd", "repeats": 100,
        "n_steps": 200, "n_langevin": 5, "step": 0.8, "learning_rate": 1.0,
    }  # fmt: skip
    apart = [[-1.0], [1.0]]
    adjusted, adjusted_half = study(**options).bias(apart, level=1 - 1e-6)
    unadjusted, unadjusted_half = study(**options, sampler="ula").bias(apart, level=1 - 1e-6)
    assert abs(adjusted) < adjusted_half
    assert abs(unadjusted) > unadjusted_half


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": CORNERS[:2]}, "start has 2 means"),
        ({"start_range": (3, 0)}, "start_range"),
        ({"method": "cd", "n_points": 50}, "n_synthetic is 100 but n_points is 50"),
        ({"method": "best"}, "choose one of"),
        ({"workers": 0}, "workers is 0"),
        ({"repeats": 1.5}, "repeats is 1.5"),
        ({"rng": 1}, "rng is 1"),
        ({"chain_start": CORNERS}, "chain_start"),
        ({"sigma": -1.0}, "sigma is -1.0"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        study(**options)


def test_a_direction_needs_the_shape_of_the_means():
    with pytest.raises(ValueError, match="direction has shape"):
        study(n_steps=1).bias([1.0, 2.0])
