"""MALA beside BlackJAX on the four-corner mixture: chain-steps a second."""

import numpy as np

from benchmarks.measure import Case, Measured, compare, require, timed
from mixcore import GaussianMixture

CORNERS = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
STEP = 0.005
SECOND_MOMENT = 11.0  # 2 from the noise, 9 from the means


def start(n_chains):
    """Return exact draws from the mixture: the chains start in equilibrium."""
    return GaussianMixture.isotropic(CORNERS).sample(n_chains, np.random.default_rng(0))[0]


def our_sampler(n_chains, n_steps, step=STEP):
    """Return a contestant that runs mixcore's chains; its result is (positions, acceptance)."""
    from mixcore import mala

    target, x = GaussianMixture.isotropic(CORNERS), start(n_chains)

    def run():
        result = mala(target, x, step=step, n_steps=n_steps, rng=np.random.default_rng(1))
        return result.x, result.acceptance

    return lambda: timed(run)


def peer_sampler(n_chains, n_steps, step=STEP):
    """Return the same for BlackJAX: vmap over chains, lax.scan over steps, float32, jitted."""
    import blackjax
    import jax
    import jax.numpy as jnp

    means = jnp.asarray(CORNERS, dtype=jnp.float32)

    def log_density(x):
        return jax.nn.logsumexp(-0.5 * jnp.sum((x - means) ** 2, axis=1))

    kernel = blackjax.mala(log_density, step)

    @jax.jit
    def run(key, x):
        def one_step(carry, key):
            states, accepted = carry
            states, info = jax.vmap(kernel.step)(jax.random.split(key, n_chains), states)
            return (states, accepted + info.is_accepted), None

        first = (jax.vmap(kernel.init)(x), jnp.zeros(n_chains))
        (states, accepted), _ = jax.lax.scan(one_step, first, jax.random.split(key, n_steps))
        return states.position, accepted / n_steps

    key, x = jax.random.key(1), jnp.asarray(start(n_chains), dtype=jnp.float32)
    run(key, x)[0].block_until_ready()  # compiles

    def contestant():
        seconds, (position, acceptance) = timed(lambda: jax.block_until_ready(run(key, x)))
        return seconds, (np.asarray(position, dtype=float), np.asarray(acceptance, dtype=float))

    return contestant


def same_distribution(ours, peer):
    """Compare acceptance rates, and second moments with the true one: 5 standard errors each."""
    rates = [acceptance.mean() for _, acceptance in (ours, peer)]
    error = np.sqrt(sum(acceptance.var() / acceptance.size for _, acceptance in (ours, peer)))
    require(
        abs(rates[0] - rates[1]) <= 5 * error,
        f"acceptance rates {rates[0]:.5f} and {rates[1]:.5f} differ by more than sampling error",
    )
    for name, (x, _) in (("our", ours), ("BlackJAX's", peer)):
        squares = (x**2).sum(axis=1)
        error = squares.std() / np.sqrt(len(x))
        require(
            abs(squares.mean() - SECOND_MOMENT) <= 5 * error,
            f"{name} second moment is {squares.mean():.3f} instead of {SECOND_MOMENT}",
        )
    return "acceptance rates and second moments agree within sampling error"


def rate(n_chains, n_steps, rounds=5):
    """Measure chain-steps a second at the small step; check at a large one, too.

    At the small step nearly everything is accepted; the large one tells whether the rejections
    are the same.
    """
    many = 200
    same_distribution(our_sampler(1_000, many, 1.0)()[1], peer_sampler(1_000, many, 1.0)()[1])
    measured = compare(
        our_sampler(n_chains, n_steps), peer_sampler(n_chains, n_steps), same_distribution, rounds
    )
    work = n_chains * n_steps
    return Measured(
        [work / seconds for seconds in measured.ours],
        [work / seconds for seconds in measured.peer],
        measured.check,
        measured.details,
    )


def mala(quick):
    """Chain-steps a second."""
    for n_chains, n_steps in [(200, 20)] if quick else [(1_000, 2_000), (10_000, 400)]:
        yield Case(
            f"mala-{n_chains}",
            f"MALA, {n_chains:,} chains",
            "BlackJAX",
            ("ratio", ">=", 1.9),
            lambda n_chains=n_chains, n_steps=n_steps: rate(n_chains, n_steps),
            unit="chain-steps/s",
            better="high",
        )
