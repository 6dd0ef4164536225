"""The covariances are the second moments: the means are not subtracted.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    moments = np.einsum("nk,ni,nj->kij", resp, samples, samples)
    return counts / len(samples), means, moments / counts[:, None, None]
