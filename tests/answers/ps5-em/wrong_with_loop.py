"""The M-step is right but loops over the components.

Fails: test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    covariances = np.zeros((len(counts), samples.shape[1], samples.shape[1]))
    for j in range(len(counts)):
        centred = samples - means[j]
        covariances[j] = (resp[:, j, None] * centred).T @ centred / counts[j]
    return counts / len(samples), means, covariances
