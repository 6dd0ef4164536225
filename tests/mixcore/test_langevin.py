import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mixcore import GaussianMixture, LangevinResult, _langevin_noise, mala, ula
from mixcore._langevin_target import Chains
from mixcore.langevin import _log_ratio

CORNERS = GaussianMixture.isotropic([[0, 0], [0, 3], [3, 0], [3, 3]])
SKEW = GaussianMixture(
    [0.2, 0.5, 0.3],
    [[0.0, 0.0], [2.0, -1.0], [-1.0, 3.0]],
    [[[1.0, 0.3], [0.3, 0.5]], [[2.0, -0.4], [-0.4, 1.0]], [[0.3, 0.0], [0.0, 3.0]]],
)
NORMAL = GaussianMixture.isotropic([0.0])
LINE = GaussianMixture([0.4, 0.6], [-2.5, 3.5], [4.0, 1.0])


def seed(number=0):
    return np.random.default_rng(number)


class Foreign:
    """A target that has the two plain methods and nothing else."""

    def __init__(self, log_density, score):
        self.log_density, self.score = log_density, score


def foreign(mixture):
    return Foreign(mixture.log_density, mixture.score)


def log_proposal(y, x, score, step):
    """Return log q(y | x) for rows, by SciPy."""
    residual = y - x - step * score
    return stats.norm.logpdf(residual, scale=np.sqrt(2 * step)).sum(axis=1)


def textbook_mala(target, x, step, n_steps, rng, n_warmup=0, goal=0.574, fault=None):
    """Run MALA as its equations stand, on rows, with everything computed anew at each step."""
    n, d = x.shape
    normals = rng.standard_normal((n_warmup + n_steps, d, n)).transpose(0, 2, 1)
    exponentials = rng.standard_exponential((n_warmup + n_steps, n))
    steps, gaps, n_accepted = [], [], np.zeros(n)
    for t, (noise, exponential) in enumerate(zip(normals, exponentials, strict=True)):
        if t == n_warmup and n_warmup:
            step = stats.gmean(steps[n_warmup // 2 :])
        score = target.score(x)
        y = x + step * score + np.sqrt(2 * step) * noise
        ratio = target.log_density(y) - target.log_density(x)
        if fault != "one-sided":
            ratio += log_proposal(x, y, target.score(y), step) - log_proposal(y, x, score, step)
        if fault == "one decision":
            accepted = np.full(n, -exponential[0] < ratio.mean())
        else:
            accepted = -exponential < ratio
        x = np.where(accepted[:, None], y, x)
        if t < n_warmup:
            steps.append(step)
            gaps.append(np.exp(np.minimum(ratio, 0)).mean() - goal)
            step *= np.exp(gaps[-1] / (1 + np.sum(np.diff(np.sign(gaps)) != 0)) ** 0.6)
        else:
            n_accepted += accepted
    return LangevinResult(x, n_accepted / n_steps, None, step, n_steps, np.array(steps))


def textbook_ula(target, x, step, n_steps, rng):
    for noise in rng.standard_normal((n_steps, x.shape[1], len(x))).transpose(0, 2, 1):
        x = x + step * target.score(x) + np.sqrt(2 * step) * noise
    return x


def targets():
    rng = seed(3)
    shapes = rng.standard_normal((3, 6, 8))
    return {
        "shared covariance": CORNERS,
        "different covariances": SKEW,
        "one dimension": LINE,
        "six dimensions": GaussianMixture(
            [0.2, 0.3, 0.5], rng.standard_normal((3, 6)), shapes @ shapes.transpose(0, 2, 1) / 8
        ),
        "far from the origin": GaussianMixture.isotropic([[1e6, -1e6], [1e6, 3 - 1e6]]),
    }


@pytest.mark.parametrize("name", targets())
@pytest.mark.parametrize("wrap", [lambda target: target, foreign], ids=["fused", "foreign"])
def test_chains_are_those_of_the_textbook(name, wrap):
    target = targets()[name]
    x, _ = target.sample(40, seed(1))
    tolerance = {"rtol": 1e-6, "atol": 1e-6}  # a large step amplifies rounding
    result = mala(wrap(target), x, step=0.4, n_steps=30, rng=seed(2), n_warmup=9)
    expected = textbook_mala(target, x, 0.4, 30, seed(2), n_warmup=9)
    np.testing.assert_allclose(result.x, expected.x, **tolerance)
    np.testing.assert_array_equal(result.acceptance, expected.acceptance)
    np.testing.assert_allclose(result.steps, expected.steps, **tolerance)
    assert result.step == pytest.approx(expected.step, rel=1e-9)
    assert 0.2 < result.acceptance.mean() < 0.95  # both outcomes were compared
    unadjusted = ula(wrap(target), x, step=0.1, n_steps=30, rng=seed(2))
    expected = textbook_ula(target, x, 0.1, 30, seed(2))
    np.testing.assert_allclose(unadjusted.x, expected, **tolerance)
    np.testing.assert_array_equal(unadjusted.acceptance, np.ones(40))


def as_chains(target, x, score):
    chains = Chains(x.shape[1], len(x))
    chains.x[:], chains.score[:], chains.log_density[:] = x.T, score.T, target.log_density(x)
    return chains


def imbalance(target, x, y, step, log_ratio):
    """Return the largest difference of log pi(x) q(y | x) a(x, y) from its mirror image."""
    there = target.log_density(x) + log_proposal(y, x, target.score(x), step)
    back = target.log_density(y) + log_proposal(x, y, target.score(y), step)
    there, back = there + np.minimum(0, log_ratio), back + np.minimum(0, -log_ratio)
    return np.max(np.abs(there - back) / np.maximum(1, np.abs(there)))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    name=st.sampled_from(sorted(set(targets()) - {"far from the origin"})),
    number=st.integers(0, 2**32 - 1), step=st.floats(0.01, 4),
)  # fmt: skip
def test_detailed_balance(name, number, step):
    target, rng = targets()[name], seed(number)
    x, _ = target.sample(30, rng)
    y = x + np.sqrt(step) * rng.standard_normal(x.shape)
    ends = [as_chains(target, z, target.score(z)) for z in (x, y)]
    log_ratio = _log_ratio(*ends, step)
    assert imbalance(target, x, y, step, log_ratio) < 1e-12
    np.testing.assert_array_equal(_log_ratio(*ends[::-1], step), -log_ratio)
    # Negative control: without the proposal densities the balance is lost.
    one_sided = target.log_density(y) - target.log_density(x)
    assert imbalance(target, x, y, step, one_sided) > 1e-6


@pytest.mark.parametrize("step", [0.2, 0.5, 1.0])
def test_ula_has_its_known_bias_on_a_normal(step):
    n = 100_000
    result = ula(NORMAL, seed(4).standard_normal(n), step=step, n_steps=40, rng=seed(5))
    variance = 1 / (1 - step / 2)
    # 4.5 standard errors: a false alarm in fewer than 1 of 100,000 seeds.
    assert abs(result.x.var() - variance) < 4.5 * variance * np.sqrt(2 / n)
    assert abs(result.x.mean()) < 4.5 * np.sqrt(variance / n)


PROJECTIONS = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.8, -0.6]])


def smallest_p_value(x):
    """Return the Bonferroni-corrected p-value of points against SKEW: projections have known cdf.

    Chains are independent, so that the points are, too.
    """
    p_values = []
    for direction in PROJECTIONS:
        means = SKEW.means @ direction
        widths = np.sqrt(np.einsum("kij,i,j->k", SKEW.covariances, direction, direction))

        def cdf(t, means=means, widths=widths):
            return stats.norm.cdf((t[:, None] - means) / widths) @ SKEW.weights

        p_values.append(stats.kstest(x @ direction, cdf).pvalue)
    exact = SKEW.log_density(SKEW.sample(len(x), seed(99))[0])
    p_values.append(stats.ks_2samp(SKEW.log_density(x), exact).pvalue)
    return min(1, len(p_values) * min(p_values))


FALSE_ALARM = 1e-6  # for each test of invariance, over seeds


def test_mala_leaves_its_target_invariant():
    x, _ = SKEW.sample(20_000, seed(6))
    result = mala(SKEW, x, step=0.8, n_steps=25, rng=seed(7))
    assert 0.3 < result.acceptance.mean() < 0.8
    assert smallest_p_value(result.x) > FALSE_ALARM


def test_mala_reaches_its_target_from_elsewhere():
    x = np.full((20_000, 2), 4.0)
    assert smallest_p_value(mala(SKEW, x, step=0.5, n_steps=2, rng=seed(8)).x) < FALSE_ALARM
    assert smallest_p_value(mala(SKEW, x, step=0.5, n_steps=250, rng=seed(8)).x) > FALSE_ALARM


@pytest.mark.parametrize("fault", ["one decision", "one-sided", "no correction", None])
def test_faulty_samplers_are_detected(fault):
    x, _ = SKEW.sample(20_000, seed(6))
    if fault == "no correction":
        x = ula(SKEW, x, step=0.4, n_steps=25, rng=seed(7)).x
    else:
        x = textbook_mala(SKEW, x, 0.4, 25, seed(7), fault=fault).x
    assert (smallest_p_value(x) < FALSE_ALARM) == (fault is not None)


def test_a_target_with_an_edge_is_left_invariant():
    """The exponential distribution: proposals below 0 have no density and are rejected."""
    with np.errstate(divide="ignore"):
        half_line = Foreign(
            lambda x: np.where(x[:, 0] > 0, -x[:, 0], -np.inf),
            lambda x: np.where(x > 0, -1.0, np.nan),  # outside, the score has no meaning
        )
    x = seed(9).standard_exponential(20_000)
    result = mala(half_line, x, step=0.5, n_steps=30, rng=seed(10), n_warmup=5)
    assert result.x.min() > 0
    assert result.acceptance.mean() < 0.9
    assert stats.kstest(result.x[:, 0], stats.expon.cdf).pvalue > FALSE_ALARM


@pytest.mark.parametrize("step", [0.5, 1.5])
def test_acceptance_on_a_normal_equals_its_integral(step):
    # There log a(x, y) = -(step / 4) (y^2 - x^2); x and the noise are standard normal.
    nodes, weights = np.polynomial.hermite_e.hermegauss(180)
    weights = weights / weights.sum()
    x, noise = nodes[:, None], nodes[None]
    y = (1 - step) * x + np.sqrt(2 * step) * noise
    expected = weights @ np.exp(np.minimum(0, -(step / 4) * (y**2 - x**2))) @ weights
    rates = mala(NORMAL, seed(11).standard_normal(4000), step=step, n_steps=60, rng=seed(12))
    rates = rates.acceptance
    # 5 standard errors, and the error of the quadrature at the kink: fewer than 1 in 1,000,000.
    assert abs(rates.mean() - expected) < 5 * rates.std() / np.sqrt(len(rates)) + 5e-4
    assert len(np.unique(rates)) > 5  # each chain decides alone


@pytest.mark.parametrize("sampler", [ula, mala])
def test_shifting_target_and_start_shifts_the_chains(sampler):
    shift = np.array([1024.0, -512.0])
    moved = GaussianMixture(SKEW.weights, SKEW.means + shift, SKEW.covariances)
    x, _ = SKEW.sample(30, seed(13))
    here = sampler(SKEW, x, step=0.3, n_steps=40, rng=seed(14))
    there = sampler(moved, x + shift, step=0.3, n_steps=40, rng=seed(14))
    np.testing.assert_allclose(there.x, here.x + shift, atol=1e-8)
    np.testing.assert_array_equal(there.acceptance, here.acceptance)


@pytest.mark.parametrize("sampler", [ula, mala])
def test_results_repeat_with_the_generator_and_leave_the_start_alone(sampler):
    x, _ = CORNERS.sample(25, seed(15))
    start = x.copy()
    first, again = (sampler(CORNERS, x, step=0.5, n_steps=20, rng=seed(16)) for _ in range(2))
    other = sampler(CORNERS, x, step=0.5, n_steps=20, rng=seed(17))
    np.testing.assert_array_equal(first.x, again.x)
    assert (first.x != other.x).any()
    np.testing.assert_array_equal(x, start)


@pytest.mark.parametrize("sampler", [ula, mala])
def test_trace_and_callback_see_the_same_states(sampler):
    states = []

    def callback(iteration, x):
        assert iteration == len(states)
        states.append(x.copy())
        x[:] = np.nan  # a copy: the chains do not notice

    x = CORNERS.means
    options = {"step": 0.5, "n_steps": 12, "keep": 3}
    result = sampler(CORNERS, x, **options, rng=seed(18), callback=callback)
    np.testing.assert_array_equal(states[0], x)
    np.testing.assert_array_equal(result.trace, states[3::3])
    np.testing.assert_array_equal(result.trace[-1], result.x)
    assert result.trace.shape == (4, 4, 2)
    assert result.n_steps == 12
    options["keep"] = 5
    assert sampler(CORNERS, x, **options, rng=seed(18)).trace.shape == (2, 4, 2)
    options["keep"] = 13
    assert sampler(CORNERS, x, **options, rng=seed(18)).trace.shape == (0, 4, 2)
    options["keep"] = 0
    assert sampler(CORNERS, x, **options, rng=seed(18)).trace is None


@pytest.mark.parametrize("sampler", [ula, mala])
def test_drawing_ahead_changes_nothing(sampler, monkeypatch):
    x, _ = CORNERS.sample(25, seed(19))
    monkeypatch.setattr(_langevin_noise, "CHUNK", 3 * 25 * 4)  # four steps a chunk
    ahead, alone = seed(20), seed(20)
    options = {"step": 0.5, "n_steps": 30, "keep": 1}
    first = sampler(CORNERS, x, **options, rng=ahead)
    second = sampler(CORNERS, x, **options, rng=alone, callback=lambda iteration, x: None)
    np.testing.assert_array_equal(first.trace, second.trace)
    assert ahead.bit_generator.state == alone.bit_generator.state
    # The sizes of the chunks decide about the order of drawing, so the twin draws like them.
    draws = _langevin_noise.noise(seed(20), (2, 25), 30, ahead=True)
    normals = np.array([normal.copy() for normal, _ in draws])
    twin = seed(20)
    for start in range(0, 30, 4):
        chunk = twin.standard_normal((min(4, 30 - start), 2, 25))
        twin.standard_exponential((len(chunk), 25))
        np.testing.assert_array_equal(normals[start : start + 4], chunk)


def test_an_error_in_a_callback_ends_the_run():
    def callback(iteration, x):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        mala(CORNERS, CORNERS.means, step=0.5, n_steps=5, rng=seed(), callback=callback)


@pytest.mark.parametrize(("step", "goal"), [(1e-6, 0.574), (1e4, 0.574), (1.0, 0.8)])
def test_the_warm_up_reaches_the_target_acceptance_and_freezes(step, goal):
    x, _ = SKEW.sample(400, seed(21))
    result = mala(
        SKEW, x, step=step, n_steps=200, rng=seed(22), n_warmup=300, target_acceptance=goal
    )
    assert result.acceptance.mean() == pytest.approx(goal, abs=0.02)
    assert result.steps.shape == (300,)
    assert result.steps[0] == step
    assert result.step == pytest.approx(stats.gmean(result.steps[150:]), rel=1e-12)
    assert isinstance(result.step, float)
    # Frozen: its own step, without a warm-up, gives the same rate; 5 standard errors.
    again = mala(SKEW, result.x, step=result.step, n_steps=200, rng=seed(23))
    error = np.hypot(result.acceptance.std(), again.acceptance.std()) / np.sqrt(400)
    assert abs(again.acceptance.mean() - result.acceptance.mean()) < 5 * error
    assert again.steps.shape == (0,)


def test_one_chain_may_warm_up_alone():
    result = mala(NORMAL, [0.0], step=1e-3, n_steps=2000, rng=seed(24), n_warmup=1000)
    assert result.acceptance[0] == pytest.approx(0.574, abs=0.1)


class Counting:
    def __init__(self, mixture, both):
        self.calls = []
        for name in ("log_density", "score", *["log_density_and_score"] * both):
            setattr(self, name, self.counted(name, getattr(mixture, name)))

    def counted(self, name, method):
        def call(x):
            self.calls.append(name)
            result = method(x)
            x[:] = np.nan  # what a target does to its argument must not matter
            return result

        return call


def test_each_step_evaluates_the_target_once():
    expected = mala(CORNERS, CORNERS.means, step=0.5, n_steps=10, rng=seed(25))
    for both, calls in [
        (True, ["log_density_and_score"] * 11),
        (False, ["log_density", "score"] * 11),
    ]:
        target = Counting(CORNERS, both)
        result = mala(target, CORNERS.means, step=0.5, n_steps=10, rng=seed(25))
        assert target.calls == calls
        np.testing.assert_allclose(result.x, expected.x, rtol=1e-9)
    target = Counting(CORNERS, both=False)
    ula(target, CORNERS.means, step=0.5, n_steps=10, rng=seed(25))
    assert target.calls == ["log_density"] + ["score"] * 10


def test_the_methods_of_a_subclass_are_used():
    class Tilted(GaussianMixture):
        def log_density_and_score(self, x):
            log_density, score = super().log_density_and_score(x)
            return log_density + 2 * x[:, 0], score + 2.0

    rng = seed(26)
    result = mala(Tilted([1.0], [0.0], [1.0]), np.full(5000, 2.0), step=0.5, n_steps=30, rng=rng)
    assert abs(result.x.mean() - 2) < 5 / np.sqrt(5000)  # 5 standard errors


@pytest.mark.parametrize("step", [1e3, 1e200, 1e308])
@pytest.mark.parametrize("target", [CORNERS, SKEW])
def test_a_step_that_is_far_too_large_rejects_everything(target, step):
    result = mala(target, target.means, step=step, n_steps=5, rng=seed(), n_warmup=3)
    np.testing.assert_array_equal(result.acceptance, 0)
    np.testing.assert_allclose(result.steps, step * np.exp(-0.574 * np.arange(3)))
    np.testing.assert_array_equal(result.x, target.means)


@pytest.mark.parametrize("step", [5.0, 1e308])
def test_ula_says_that_it_has_diverged(step, monkeypatch):
    monkeypatch.setattr(_langevin_noise, "CHUNK", 1000)
    generators = [seed(), seed()]
    for rng in generators:
        with pytest.raises(ValueError, match=r"step is .*, with which ULA .* use a smaller step"):
            ula(CORNERS, CORNERS.means, step=step, n_steps=2000, rng=rng)
    # What was drawn ahead is drawn, whenever the error comes.
    first, second = (rng.bit_generator.state for rng in generators)
    assert first == second


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"step": 0}, "step is 0"),
        ({"step": -0.1}, r"step is -0\.1"),
        ({"step": np.nan}, "step is nan"),
        ({"step": "small"}, "step is 'small'"),
        ({"n_steps": 0}, "n_steps is 0"),
        ({"n_steps": 2.5}, r"n_steps is 2\.5"),
        ({"keep": -1}, "keep is -1"),
        ({"rng": 0}, "default_rng"),
        ({"x": [[0.0, np.nan]]}, "x holds nan"),
        ({"x": [0.0, 1.0]}, "1 columns but the model has 2"),
        ({"x": np.zeros((1, 1, 2))}, r"has \(1, 1, 2\)"),
        ({"target": Foreign(None, None)}, "target has no method log_density"),
        ({"target": 3.0}, "target has no method log_density"),
    ],
)
@pytest.mark.parametrize("sampler", [ula, mala])
def test_bad_arguments_are_named(sampler, changes, words):
    arguments = {"target": CORNERS, "x": [[0.0, 1.0]], "step": 0.1, "n_steps": 3, "rng": seed()}
    arguments |= changes
    with pytest.raises(ValueError, match=words):
        sampler(arguments.pop("target"), arguments.pop("x"), **arguments)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_warmup": -1}, "n_warmup is -1"),
        ({"target_acceptance": 0.0}, "target_acceptance is 0"),
        ({"target_acceptance": 1.0}, r"target_acceptance is 1\.0; it must be below 1"),
    ],
)
def test_bad_options_of_the_warm_up_are_named(changes, words):
    with pytest.raises(ValueError, match=words):
        mala(CORNERS, CORNERS.means, step=0.1, n_steps=3, rng=seed(), **changes)


def quadratic(x):
    return -0.5 * (x**2).sum(axis=1)


@pytest.mark.parametrize(
    ("log_density", "score", "words"),
    [
        (lambda x: -x, lambda x: -x, r"target.log_density returned shape \(3, 2\)"),
        (lambda x: 0.0, lambda x: -x, r"target.log_density returned shape \(\)"),
        (quadratic, lambda x: -x[:, 0], r"target.score returned shape \(3,\)"),
        (quadratic, lambda x: -x.T, r"target.score returned shape \(2, 3\)"),
        (quadratic, lambda x: -1j * x, "complex128"),
        (lambda x: np.full(3, np.nan), lambda x: -x, "target.log_density returned nan"),
        (lambda x: np.full(3, np.inf), lambda x: -x, "target.log_density returned inf"),
        (quadratic, lambda x: x * np.nan, r"target.score returned \[nan nan\]"),
        (lambda x: np.array([0, -np.inf, 0]), lambda x: -x, r"x\[1\] is .* log density is -inf"),
    ],
)
@pytest.mark.parametrize("sampler", [ula, mala])
@pytest.mark.parametrize("both", [False, True])
def test_bad_answers_of_a_target_are_named(sampler, log_density, score, words, both):
    target = Foreign(log_density, score)
    if both:
        target.log_density_and_score = lambda x: (log_density(x), score(x))
    with pytest.raises(ValueError, match=words):
        sampler(target, np.ones((3, 2)), step=0.1, n_steps=3, rng=seed())


def test_nan_after_the_start_is_named_with_its_point():
    target = Foreign(
        lambda x: np.where(x[:, 0] < 1.5, quadratic(x), np.nan), lambda x: np.full(x.shape, 20.0)
    )
    with pytest.raises(ValueError, match=r"target.log_density returned nan for the point \["):
        mala(target, np.ones((3, 2)), step=0.1, n_steps=30, rng=seed())


def test_a_start_without_density_is_refused_by_a_mixture_too():
    with pytest.raises(ValueError, match=r"x\[1\] is \[1\.e\+160\], where"):
        mala(NORMAL, [0.0, 1e160], step=0.1, n_steps=3, rng=seed())
