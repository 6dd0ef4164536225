"""One step too few: the loop starts at 1.

Fails: test_mala_distribution, test_mala_chains
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    x_new = x
    for _ in range(1, n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = np.log(rng.random(len(x))) < log_alpha
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (max(n_steps - 1, 1) * len(x))
