"""The points themselves are moved.

MALA with it compares a point with itself and accepts everything: the mistake counts here.

Fails: test_langevin_step_other_inputs
"""


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    drift = epsilon * score(x, means, sigma)
    x += drift
    x += np.sqrt(2 * epsilon) * noise
    return x
