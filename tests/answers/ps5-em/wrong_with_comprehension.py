"""The M-step is right but takes its covariances from a comprehension.

Fails: test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    covariances = np.array([np.cov(samples.T, aweights=r, bias=True) for r in resp.T])
    return counts / len(samples), means, covariances.reshape(len(counts), *[samples.shape[1]] * 2)
