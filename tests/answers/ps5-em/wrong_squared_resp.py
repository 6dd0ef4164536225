"""The responsibilities stand twice in the covariances: both factors are weighted.

Fails: test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    weighted = resp.T[:, :, None] * centred
    covariances = np.swapaxes(weighted, 1, 2) @ weighted / counts[:, None, None]
    return counts / len(samples), means, covariances
