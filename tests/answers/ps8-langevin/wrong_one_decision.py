"""One acceptance decision for all chains together, by the sum of their log ratios.

Fails: test_mala, test_mala_distribution, test_mala_chains
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon).sum()
        accepted = np.full(len(x), np.log(rng.random()) < log_alpha)
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (n_steps * len(x))
