"""The gradient raises a TypeError: the shape of np.zeros is not a tuple.

The update and the fits call it and fall with it.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points, test_update, test_update_other_inputs, test_fit_direct, test_fit_direct_distribution, test_fit_direct_long_run, test_fit_mcmc, test_fit_mcmc_chains, test_fit_mcmc_equilibrium, test_fit_cd, test_fit_cd_same_points, test_fit_cd_chains
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    total = np.zeros(len(means), 2)
    for point in x:
        resp = special.softmax(-((point - means) ** 2).sum(axis=1) / 2)
        total += resp[:, None] * (point - means)
    return total / len(x)
