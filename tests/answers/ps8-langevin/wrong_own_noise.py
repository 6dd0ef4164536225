"""The noise that is given is not used; the function draws its own.

Fails: test_langevin_step, test_langevin_step_other_inputs, test_mala_generator
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    xi = np.random.default_rng().normal(size=x.shape)
    return x + epsilon * score(x, means, sigma) + np.sqrt(2 * epsilon) * xi
