"""The proposal density and the acceptance are wrong; MALA is right on its own and passes.

Fails: test_log_proposal, test_log_proposal_other_inputs, test_log_acceptance, test_log_acceptance_other_inputs, test_log_acceptance_far_tails
"""


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    rest = x_to - x_from - epsilon * score(x_from, means, sigma)
    return -(rest**2).sum(axis=1) / (2 * epsilon)


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    p_new, p_old = log_density(x_new, means, sigma), log_density(x, means, sigma)
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    return np.minimum(0, p_old + out - p_new - back)


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    total = 0
    for _ in range(n_steps):
        pull = epsilon * score(x, means, sigma)
        noise = np.sqrt(2 * epsilon) * rng.normal(size=x.shape)
        x_new = x + pull + noise
        way_back = x - x_new - epsilon * score(x_new, means, sigma)
        log_ratio = log_density(x_new, means, sigma) - log_density(x, means, sigma)
        log_ratio += ((noise**2).sum(axis=1) - (way_back**2).sum(axis=1)) / (4 * epsilon)
        accepted = np.log(rng.random(len(x))) < log_ratio
        x[accepted] = x_new[accepted]
        total += accepted.mean()
    return x, total / n_steps
