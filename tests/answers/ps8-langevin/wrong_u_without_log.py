"""u is compared with log alpha, which is never above 0: nobody moves.

Fails: test_mala, test_mala_distribution, test_mala_chains, test_mala_generator
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = rng.random(len(x)) < log_alpha
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (n_steps * len(x))
