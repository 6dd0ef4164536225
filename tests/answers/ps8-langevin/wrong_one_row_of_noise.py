"""All points get the noise of the first.

Fails: test_langevin_step, test_langevin_step_other_inputs
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    return x + epsilon * score(x, means, sigma) + np.sqrt(2 * epsilon) * noise[0]
