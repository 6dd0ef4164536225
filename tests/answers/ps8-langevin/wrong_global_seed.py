"""A global seed, and NumPy's global generator for the noise.

Fails: test_mala_chains, test_mala_generator
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    np.random.seed(0)
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, np.random.randn(*x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = np.log(rng.random(len(x))) < log_alpha
        x = np.where(accepted[:, None], x_new, x)
        total += accepted.sum()
    return x, total / (n_steps * len(x))
