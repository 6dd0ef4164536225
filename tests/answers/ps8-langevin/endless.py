"""MALA never ends: its loop waits for a counter that nobody advances.

Fails: test_mala, test_mala_distribution, test_mala_chains, test_mala_generator
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    step = 0
    rates = []
    while step < n_steps:
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        accepted = np.log(rng.random(len(x))) < log_acceptance(x_new, x, means, sigma, epsilon)
        x = np.where(accepted[:, None], x_new, x)
        rates = [accepted.mean()]
    return x, np.mean(rates)
