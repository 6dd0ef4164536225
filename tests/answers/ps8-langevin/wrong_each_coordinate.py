"""Each coordinate of a chain decides for itself.

Fails: test_mala_distribution, test_mala_chains
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = np.log(rng.random(x.shape)) < log_alpha[:, None]
        x = np.where(accepted, x_new, x)
        total += accepted.mean(axis=1).sum()
    return x, total / (n_steps * len(x))
