"""The noise is drawn once, before the loop.

Fails: test_mala, test_mala_distribution
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    noise = rng.standard_normal(x.shape)
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, noise)
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = np.log(rng.random(len(x))) < log_alpha
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (n_steps * len(x))
