"""The M-step is written out for two components.

With one component it raises, and the fit falls with it.

Fails: test_m_step, test_m_step_other_inputs, test_m_step_without_loops, test_fit_gaussian_mixture, test_fit_gaussian_mixture_iterations
"""


# %% solution="m_step"
def m_step(samples, resp):
    n, d = samples.shape
    means, covariances = np.zeros((2, d)), np.zeros((2, d, d))
    r_1, r_2 = resp[:, 0], resp[:, 1]
    means[0] = r_1 @ samples / r_1.sum()
    means[1] = r_2 @ samples / r_2.sum()
    covariances[0] = (r_1[:, None] * (samples - means[0])).T @ (samples - means[0]) / r_1.sum()
    covariances[1] = (r_2[:, None] * (samples - means[1])).T @ (samples - means[1]) / r_2.sum()
    return np.array([r_1.sum(), r_2.sum()]) / n, means, covariances
