"""The other convention: half of epsilon before the score, the root of epsilon before the noise.

Fails: test_langevin_step, test_langevin_step_other_inputs
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    return x + epsilon / 2 * score(x, means, sigma) + np.sqrt(epsilon) * noise
