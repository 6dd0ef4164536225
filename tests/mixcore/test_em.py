import numpy as np
import pytest

from mixcore import GaussianMixture, expectation_maximisation
from mixcore.em import iterate


class Coin:
    """Mixture of two coins with known weights: a model that is not Gaussian."""

    def __init__(self, heads):
        self.heads = np.asarray(heads)

    def log_joint(self, x):
        return np.log(0.5) + x * np.log(self.heads) + (10 - x) * np.log(1 - self.heads)


def coin_m_step(x, resp):
    return Coin((resp * x).sum(axis=0) / (10 * resp.sum(axis=0)))


def test_the_loop_serves_any_mixture():
    x = np.array([1, 2, 1, 9, 8, 9, 10, 2.0])
    result = expectation_maximisation(x, Coin([0.4, 0.6]), coin_m_step, tol=1e-12, max_iter=500)
    assert result.converged
    assert (np.diff(result.log_likelihoods) >= -1e-12).all()
    low, high = sorted(result.mixture.heads)
    assert low == pytest.approx(0.15, abs=0.01)
    assert high == pytest.approx(0.9, abs=0.01)


def test_tol_zero_runs_until_nothing_changes():
    mixture = GaussianMixture([1.0], [0.0], [1.0])
    result = expectation_maximisation([0.0, 1.0], mixture, lambda x, resp: mixture, tol=0)
    assert result.converged
    assert result.n_iter == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"x": [np.nan]}, "x holds nan"), ({"max_iter": 0}, "max_iter"), ({"tol": -1.0}, "tol")],
)
def test_bad_input_is_named(changes, words):
    mixture = GaussianMixture([1.0], [0.0], [1.0])
    arguments = {"x": [0.0, 1.0], "mixture": mixture, "m_step": lambda x, resp: mixture} | changes
    with pytest.raises(ValueError, match=words):
        expectation_maximisation(**arguments)


def test_a_prior_is_part_of_the_objective_only():
    mixture = GaussianMixture([1.0], [0.0], [1.0])
    seen = []
    result = iterate(
        mixture,
        lambda mixture: (-5.0, None),
        lambda statistics: mixture,
        total_weight=2.0,
        log_prior=lambda mixture: seen.append(mixture) or -len(seen),
        max_iter=3,
        tol=0.1,
    )
    np.testing.assert_array_equal(result.log_likelihoods, [-5, -5, -5, -5])
    np.testing.assert_array_equal(result.objectives, [-6, -7, -8, -9])
    assert not result.converged


def test_weights_count_points_as_often_as_they_say():
    x = np.array([1.0, 2.0, 9.0, 8.0])
    weight = np.array([3.0, 1.0, 2.0, 0.0])
    options = {"mixture": Coin([0.4, 0.6]), "m_step": coin_m_step, "max_iter": 2, "tol": 0}
    weighted = expectation_maximisation(x, sample_weight=weight, **options)
    repeated = expectation_maximisation(np.repeat(x, weight.astype(int)), **options)
    np.testing.assert_allclose(weighted.log_likelihoods, repeated.log_likelihoods, rtol=1e-12)
    np.testing.assert_allclose(weighted.mixture.heads, repeated.mixture.heads, rtol=1e-12)
