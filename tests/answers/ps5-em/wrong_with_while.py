"""The M-step is right but counts its components with while.

Fails: test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    covariances = np.zeros((len(counts), samples.shape[1], samples.shape[1]))
    j = 0
    while j < len(counts):
        covariances[j] = (resp[:, j, None] * centred[j]).T @ centred[j] / counts[j]
        j += 1
    return counts / len(samples), means, covariances
