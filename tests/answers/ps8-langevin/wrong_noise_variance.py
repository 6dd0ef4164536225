"""The variance 2 epsilon is used as the standard deviation of the noise.

Fails: test_langevin_step, test_langevin_step_other_inputs
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    return x + epsilon * score(x, means, sigma) + 2 * epsilon * noise
