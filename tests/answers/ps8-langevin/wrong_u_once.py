"""u is drawn once for each chain, before the loop.

Fails: test_mala_distribution
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    log_u = np.log(rng.random(len(x)))
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = log_u < log_alpha
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (n_steps * len(x))
