"""The M-step takes the covariances around the mean of all points, not of the component.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - samples.mean(axis=0)
    covariances = np.einsum("nk,ni,nj->kij", resp, centred, centred) / counts[:, None, None]
    return counts / len(samples), means, covariances
