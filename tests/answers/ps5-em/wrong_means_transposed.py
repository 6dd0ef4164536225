"""The M-step forgets to transpose the means back: (d, k) instead of (k, d).

The fit feeds them to the E-step, which breaks where k and d differ.

Fails: test_m_step, test_m_step_other_inputs, test_m_step_without_loops, test_fit_gaussian_mixture_iterations, test_fit_gaussian_mixture_random_start
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = samples.T @ resp / counts  # (d, k)
    centred = samples[:, :, None] - means  # (n, d, k)
    covariances = np.einsum("nk,nik,njk->kij", resp, centred, centred) / counts[:, None, None]
    return counts / len(samples), means, covariances
