"""Who rejects proposes again in the same step, up to ten times.

Fails: test_mala, test_mala_distribution, test_mala_chains
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    for _ in range(n_steps):
        waiting = np.arange(len(x))
        for _ in range(10):
            here = x[waiting]
            x_new = langevin_step(here, means, sigma, epsilon, rng.standard_normal(here.shape))
            log_alpha = log_acceptance(x_new, here, means, sigma, epsilon)
            accepted = np.log(rng.random(len(here))) < log_alpha
            x[waiting[accepted]] = x_new[accepted]
            waiting = waiting[~accepted]
        total += 1 - len(waiting) / len(x)
    return x, total / n_steps
