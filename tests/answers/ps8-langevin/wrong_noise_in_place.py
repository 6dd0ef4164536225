"""The noise is scaled in place.

Fails: test_langevin_step_other_inputs
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    noise *= np.sqrt(2 * epsilon)
    return x + epsilon * score(x, means, sigma) + noise
