"""The drift of one convention with the noise of the other: the root of epsilon.

Fails: test_langevin_step, test_langevin_step_other_inputs
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    return x + epsilon * score(x, means, sigma) + np.sqrt(epsilon) * noise
