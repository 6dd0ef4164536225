"""The options that :func:`mixcore.fit_means` and :func:`mixcore.means_study` share, checked."""

from dataclasses import dataclass

from mixcore._synthetic_points import CHAIN_LENGTHS
from mixcore._validation import as_choice, as_count, as_nonnegative, as_positive
from mixcore.langevin import mala, ula

SAMPLERS = {"mala": mala, "ula": ula}


@dataclass(frozen=True)
class MeansSettings:
    """Checked options, with the defaults put in; ``stable`` is the limit of the learning rate."""

    method: str
    sigma: float
    n_steps: int
    n_synthetic: int
    learning_rate: float
    stable: float
    step_decay: float
    n_langevin: int
    step: float
    sampler: str
    average_from: int

    def rate(self, iteration):
        """Return the learning rate of an iteration, counted from 1."""
        return self.learning_rate / (1 + self.step_decay * (iteration - 1))

    def run_chains(self, target, points, rng):
        """Return the result of Langevin chains that start at the points."""
        sampler = SAMPLERS[self.sampler]
        return sampler(target, points, step=self.step, n_steps=self.n_langevin, rng=rng)


def as_settings(
    n_components,
    *,
    method,
    sigma,
    n_steps,
    n_synthetic,
    learning_rate,
    step_decay,
    n_langevin,
    step,
    sampler,
    average_from,
):
    """Check the options of a fit and put in the defaults, which depend on one another."""
    as_choice(method, "method", tuple(CHAIN_LENGTHS))
    sigma = as_positive(sigma, "sigma")
    n_steps = as_count(n_steps, "n_steps")
    if n_langevin is None or method == "direct":
        n_langevin = CHAIN_LENGTHS[method]
    else:
        n_langevin = as_count(n_langevin, "n_langevin")
    step = as_positive(0.005 * sigma**2 if step is None else step, "step")
    stable = 2 * n_components * sigma**2  # see Learning rate in mixcore.contrastive
    if method == "pcd":
        stable = min(stable, n_components * n_langevin * step)
    learning_rate = min(sigma**2, stable / 2) if learning_rate is None else learning_rate
    average_from = n_steps // 2 + 1 if average_from is None else average_from
    return MeansSettings(
        method=method,
        sigma=sigma,
        n_steps=n_steps,
        n_synthetic=as_count(n_synthetic, "n_synthetic"),
        learning_rate=as_positive(learning_rate, "learning_rate"),
        stable=stable,
        step_decay=as_nonnegative(step_decay, "step_decay"),
        n_langevin=n_langevin,
        step=step,
        sampler=as_choice(sampler, "sampler", tuple(SAMPLERS)),
        average_from=as_count(average_from, "average_from"),
    )


def divergence_bound(x, means, sigma):
    """Return a distance from the centre of the data (d,) that no sensible mean exceeds."""
    centre = x.mean(axis=0)
    return centre, 100 * (sigma + abs(x - centre).max() + abs(means - centre).max())
