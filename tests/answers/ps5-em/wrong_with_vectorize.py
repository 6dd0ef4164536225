"""The M-step is right but calls np.vectorize, a loop in disguise.

Fails: test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)

    def one(column):
        mean = column @ samples / column.sum()
        return mean, (column[:, None] * (samples - mean)).T @ (samples - mean) / column.sum()

    means, covariances = np.vectorize(one, signature="(n)->(d),(d,d)")(resp.T)
    return counts / len(samples), means, covariances
