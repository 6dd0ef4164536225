"""Information criteria and the choice by them: published figures, theorems, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.mixture import GaussianMixture as SklearnMixture

from mixcore import (
    BernoulliMixture,
    DegenerateFitError,
    GaussianMixture,
    datasets,
    fit_gaussian_mixture,
    model_selection,
)
from mixcore.information_criteria import aic, bic, icl, n_parameters
from mixcore.model_selection import select_n_components

STRUCTURES = ("full", "tied", "diag", "spherical")


# The criteria


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((2, 2), 11),
        ((1, 1), 2),
        ((3, 2, "tied"), 11),
        ((3, 2, "diag"), 14),
        ((3, 2, "spherical"), 11),
        ((2, 3, None), 7),
    ],
)
def test_free_parameters_are_counted(arguments, expected):
    assert n_parameters(*arguments) == expected


@pytest.mark.parametrize("covariance_type", STRUCTURES)
@pytest.mark.parametrize("d", [1, 3])
def test_scikit_learn_prices_a_mixture_alike(rng, covariance_type, d):
    x = rng.standard_normal((60, d))
    other = SklearnMixture(3, covariance_type=covariance_type, random_state=0, tol=1e-2).fit(x)
    p = n_parameters(3, d, covariance_type)
    log_likelihood = other.score_samples(x).sum()
    assert aic(log_likelihood, p) == pytest.approx(other.aic(x))
    assert bic(log_likelihood, p, 60) == pytest.approx(other.bic(x))


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.booleans())
@settings(deadline=None, max_examples=40, derandomize=True)
def test_icl_is_the_written_sum(seed, k, binary):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(k))
    if binary:
        mixture = BernoulliMixture(weights, rng.random((k, 3)))
        x = rng.integers(0, 2, (12, 3))
    else:
        mixture = GaussianMixture.isotropic(3 * rng.standard_normal((k, 3)), weights=weights)
        x = 3 * rng.standard_normal((12, 3))
    p = 7
    resp, log_joint = mixture.responsibilities(x), mixture.log_joint(x)
    hard, soft = 0.0, 0.0
    for i in range(12):
        likeliest = max(range(k), key=lambda j: resp[i, j])
        hard += log_joint[i, likeliest]
        soft += sum(resp[i, j] * log_joint[i, j] for j in range(k) if resp[i, j] > 0)
    values = [icl(mixture, x, p, labels=labels) for labels in ("hard", "soft")]
    assert values == pytest.approx([p * np.log(12) - 2 * hard, p * np.log(12) - 2 * soft])
    plain = bic(mixture.log_density(x).sum(), p, 12)
    assert plain - 1e-9 <= values[0] <= values[1] + 1e-9
    if k == 1:
        assert values == pytest.approx([plain, plain])


def test_icl_is_bic_where_no_components_overlap():
    mixture = GaussianMixture([0.5, 0.5], [0.0, 1000.0], [1.0, 1.0])
    x = np.array([-1.0, 0.0, 999.0, 1001.0])
    expected = bic(mixture.log_density(x).sum(), 5, 4)
    for labels in ("hard", "soft"):
        assert icl(mixture, x, 5, labels=labels) == pytest.approx(expected)


# Old Faithful


@pytest.fixture(scope="module")
def old_faithful_selection():
    x = datasets.load("old_faithful").x
    result = select_n_components(
        x, range(1, 6), covariance_types=STRUCTURES, tol=1e-8, rng=np.random.default_rng(1)
    )
    return x, result


def column(result, name, covariance_type, k):
    table = result.table
    row = (table["covariance_type"] == covariance_type) & (table["n_components"] == k)
    (value,) = table[name][row]
    return value


# Published by mclust, or computed independently with two implementations; no regularisation.
@pytest.mark.parametrize(
    ("covariance_type", "k", "expected"),
    [
        ("full", 1, 2607.6225),
        ("full", 2, 2322.1917),  # mclust VVV,2
        ("full", 3, 2324.1784),
        ("tied", 2, 2325.2199),
        ("tied", 3, 2314.2957),  # mclust EEE,3
        ("diag", 2, 2 * 1147.806353 + 9 * np.log(272)),
        ("spherical", 2, 2 * 1709.529282 + 7 * np.log(272)),
    ],
)
def test_old_faithful_bic(old_faithful_selection, covariance_type, k, expected):
    _, result = old_faithful_selection
    assert column(result, "bic", covariance_type, k) == pytest.approx(expected, abs=3e-4)


def test_old_faithful_is_three_ellipses_of_one_shape(old_faithful_selection):
    _, result = old_faithful_selection
    assert (result.best_n_components, result.best_covariance_type) == (3, "tied")
    assert result.best.mixture.n_components == 3
    assert result.scores.min() == pytest.approx(2314.2957, abs=3e-4)
    assert result.table["converged"].all()
    weights = np.sort(result.best.mixture.weights)
    np.testing.assert_allclose(weights, [0.1686068, 0.3563781, 0.4750151], atol=1e-3)


def test_old_faithful_aic_and_both_forms_of_icl(old_faithful_selection):
    x, result = old_faithful_selection
    assert column(result, "aic", "full", 2) == pytest.approx(2282.5279, abs=3e-4)
    assert column(result, "icl", "full", 2) == pytest.approx(2322.7047, abs=3e-4)  # as mclust
    mixture = result.fits[1].mixture
    assert icl(mixture, x, 11, labels="hard") == pytest.approx(2322.7047, abs=3e-4)
    assert icl(mixture, x, 11, labels="soft") == pytest.approx(2323.5812, abs=3e-4)


def test_the_training_likelihood_cannot_choose(old_faithful_selection):
    _, result = old_faithful_selection
    for covariance_type in STRUCTURES:
        values = [column(result, "log_likelihood", covariance_type, k) for k in range(1, 6)]
        assert (np.diff(values) > 0).all()


def test_fits_are_in_the_units_of_the_points(old_faithful_selection):
    x, result = old_faithful_selection
    for fit, log_likelihood in zip(result.fits, result.table["log_likelihood"], strict=True):
        assert fit.mixture.log_density(x).sum() == pytest.approx(log_likelihood, abs=1e-6)
        assert fit.log_likelihood == log_likelihood
        assert fit.objectives[-1] == pytest.approx(log_likelihood)


# Other data


def three_components(n, seed):
    truth = GaussianMixture(
        [0.3, 0.5, 0.2],
        [[-4, 0], [0, 4], [4, 0]],
        [[[1, 0.5], [0.5, 1]], np.eye(2), [[1, -0.5], [-0.5, 1]]],
    )
    return truth.sample(n, np.random.default_rng(seed))[0]


@pytest.mark.parametrize("criterion", ["bic", "icl"])
def test_three_components_are_found_and_candidates_need_no_order(criterion):
    x = three_components(900, 1)
    result = select_n_components(
        x, [4, 1, 3, 2], criterion=criterion, n_init=4, tol=1e-5, rng=np.random.default_rng(0)
    )
    assert result.table["n_components"].tolist() == [4, 1, 3, 2]
    assert result.best_n_components == 3
    assert result.best is result.fits[2]
    assert result.scores.shape == (4,)


def test_held_out_points_expose_what_the_training_points_hide():
    x, other = three_components(60, 1), three_components(2000, 2)
    result = select_n_components(
        x, [1, 3, 10], criterion="holdout_nll", holdout=other, n_init=4, tol=1e-5,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    for fit, value in zip(result.fits, result.scores, strict=True):
        assert value == pytest.approx(-fit.mixture.log_density(other).mean())
    assert result.best_n_components == 3
    assert result.table["log_likelihood"].argmax() == 2  # 10 components


@pytest.mark.parametrize("covariance_type", STRUCTURES)
def test_units_do_not_matter(faithful, covariance_type):
    # Round components stay round under a common scale only.
    factor = np.array([60.0, 60.0 if covariance_type == "spherical" else 1e-3])
    one, other = (
        select_n_components(
            x, [1, 2], covariance_types=[covariance_type], n_init=2, rng=np.random.default_rng(4)
        )
        for x in (faithful, faithful * factor)
    )
    shift = 2 * len(faithful) * np.log(factor).sum()
    for name in ("aic", "bic", "icl"):
        np.testing.assert_allclose(other.table[name] - shift, one.table[name], atol=1e-5)
    np.testing.assert_allclose(other.best.mixture.means, one.best.mixture.means * factor, rtol=1e-6)


def test_the_same_generator_gives_the_same_answer_and_callback_sees_each_row(rng):
    x = three_components(100, 3)
    rows = []
    one, other = (
        select_n_components(
            x, [1, 2], covariance_types=["full", "diag"], n_init=2, rng=np.random.default_rng(5),
            callback=lambda index, row: rows.append((index, row)),
        )
        for _ in range(2)
    )  # fmt: skip
    np.testing.assert_array_equal(one.scores, other.scores)
    assert [index for index, _ in rows[:4]] == [0, 1, 2, 3]
    for name, values in one.table.items():
        assert values.tolist() == [row[name] for _, row in rows[:4]]


def test_a_fit_cut_short_says_so():
    result = select_n_components(
        three_components(200, 4), [3], max_iter=1, n_init=2, rng=np.random.default_rng(0)
    )
    assert result.table["converged"].tolist() == [False]
    assert not result.best.converged


@pytest.mark.parametrize("x", [np.zeros((5, 2)), np.column_stack([np.arange(9.0), np.ones(9)])])
def test_constant_columns_leave_no_nan(x):
    result = select_n_components(x, [1, 2], n_init=2, rng=np.random.default_rng(0))
    for name in ("log_likelihood", "aic", "bic", "icl"):
        assert not np.isnan(result.table[name]).any()


# Degenerate candidates and bad input


def test_a_degenerate_candidate_stays_in_the_table():
    # Two places, four points each: one Gaussian fits, two have no width.
    x = np.repeat([[0.0], [1.0]], 4, axis=0)
    result = select_n_components(x, [2, 1], n_init=3, reg_covar=0.0, rng=np.random.default_rng(0))
    assert result.fits[0] is None
    assert result.table["error"][0] != ""
    assert result.table["error"][1] == ""
    assert result.table["log_likelihood"][0] == -np.inf
    for name in ("aic", "bic", "icl"):
        assert result.table[name][0] == np.inf
    assert not result.table["converged"][0]
    assert result.best_n_components == 1
    assert result.best is result.fits[1]


def counted_fits(monkeypatch, refuse=lambda init, outcomes: False):
    """Note how each fit ends, in the order in which they are made."""
    outcomes = []

    def fit(*args, init, **kwargs):
        kind = init if isinstance(init, str) else "polish"
        try:
            if refuse(kind, outcomes):
                raise DegenerateFitError("refused")
            result = fit_gaussian_mixture(*args, init=init, **kwargs)
        except DegenerateFitError:
            outcomes.append((kind, None))
            raise
        outcomes.append((kind, result))
        return result

    monkeypatch.setattr(model_selection, "fit_gaussian_mixture", fit)
    return outcomes


def test_one_bad_start_does_not_lose_the_others(monkeypatch, rng):
    # k-means may give the three equal points a component of their own, which has no width.
    x = np.r_[rng.standard_normal(30), 5 + rng.standard_normal(30), 14, 14, 14]
    outcomes = counted_fits(monkeypatch)
    result = select_n_components(x, [2], reg_covar=0, n_init=8, rng=np.random.default_rng(1))
    kinds = ["kmeans", "random_from_data"] * 4 + ["polish"]
    assert [kind for kind, _ in outcomes] == kinds
    ends = [fit for _, fit in outcomes[:-1]]
    assert None in ends
    assert any(ends)
    assert result.table["error"].tolist() == [""]


def test_where_the_best_start_collapses_later_the_next_best_counts(monkeypatch, rng):
    x = three_components(200, 6)
    outcomes = counted_fits(
        monkeypatch, lambda kind, seen: kind == "polish" and seen[-1][0] != "polish"
    )
    result = select_n_components(x, [4], n_init=4, rng=rng)
    assert [kind for kind, _ in outcomes[4:]] == ["polish", "polish"]
    coarse = sorted(fit.log_likelihood for _, fit in outcomes[:4])
    assert coarse[2] < coarse[3]
    assert outcomes[-1][1].log_likelihoods[0] == pytest.approx(coarse[2])
    assert result.table["error"].tolist() == [""]


def test_no_candidate_at_all_is_an_error():
    x = np.repeat([[0.0], [1.0]], 4, axis=0)
    with pytest.raises(DegenerateFitError, match="no candidate could be fitted"):
        select_n_components(x, [2], n_init=2, reg_covar=0.0, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": [[0.0], [np.nan]]}, "x holds nan"),
        ({"candidates": []}, r"candidates is \[\]"),
        ({"candidates": [1, 9]}, "x has 4 points but the largest of candidates is 9"),
        ({"candidates": [0]}, "candidates is 0"),
        ({"candidates": [1.5]}, "candidates is 1.5"),
        ({"covariance_types": ()}, r"covariance_types \[\]"),
        ({"covariance_types": "full"}, "covariance_types is 'f'"),
        ({"covariance_types": [None]}, "covariance_types is None"),
        ({"criterion": "nll"}, "criterion is 'nll'; choose one of 'aic', 'bic', 'icl'$"),
        ({"criterion": "holdout_nll"}, "criterion is 'holdout_nll'"),
        ({"holdout": [[1.0, 2.0]]}, "holdout has 2 columns"),
        ({"n_init": 0}, "n_init is 0"),
        ({"max_iter": 0}, "max_iter is 0"),
        ({"tol": -1.0}, "tol is -1.0"),
        ({"reg_covar": -1.0}, "reg_covar is -1.0"),
        ({"rng": None}, "rng is None"),
    ],
)
def test_bad_options_are_named(rng, changes, words):
    arguments = {"x": [[0.0], [1.0], [2.0], [4.0]], "candidates": [1], "rng": rng} | changes
    with pytest.raises(ValueError, match=words):
        select_n_components(**arguments)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: n_parameters(0, 2), "n_components is 0"),
        (lambda: n_parameters(2, 0), "n_features is 0"),
        (lambda: n_parameters(2, 2, "round"), "covariance_type is 'round'"),
        (lambda: bic(-1.0, 2, 0), "n is 0"),
        (lambda: icl(GaussianMixture([1.0], [0.0], [1.0]), [0.0], 2, labels="fuzzy"), "'fuzzy'"),
    ],
)
def test_bad_criteria_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
