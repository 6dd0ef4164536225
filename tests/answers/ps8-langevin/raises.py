"""The log-density raises a TypeError: the shape of np.zeros is not a tuple.

The probability of acceptance and MALA call it and fall with it.

Fails: test_log_density, test_log_density_other_inputs, test_log_density_far_tails, test_log_acceptance, test_log_acceptance_other_inputs, test_log_acceptance_far_tails, test_mala, test_mala_distribution, test_mala_chains, test_mala_generator
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    logs = np.zeros(len(x), len(means))
    for j in range(len(means)):
        logs[:, j] = -np.sum((x - means[j]) ** 2, axis=1) / (2 * sigma**2)
    return special.logsumexp(logs, axis=1) - np.log(2 * np.pi * len(means) * sigma**2)
