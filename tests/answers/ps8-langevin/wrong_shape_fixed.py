"""The shape is fixed to the 400 chains of the visible check.

Fails: test_mala, test_mala_distribution, test_mala_chains, test_mala_generator
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal((400, 2))[: len(x)])
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = np.log(rng.random(400)) < log_alpha
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (n_steps * len(x))
