"""The variance is divided by N_k - 1.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    variances = (resp * (x[:, None] - means) ** 2).sum(axis=0) / (counts - 1)
    return counts / len(x), means, np.sqrt(variances)
