"""The caller's array is moved.

Fails: test_mala_generator
"""


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    total = 0
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        log_alpha = log_acceptance(x_new, x, means, sigma, epsilon)
        accepted = np.log(rng.random(len(x))) < log_alpha
        x[accepted] = x_new[accepted]
        total += accepted.sum()
    return x, total / (n_steps * len(x))
