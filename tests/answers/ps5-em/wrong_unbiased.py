"""The covariances are divided by N_k - 1, as of a sample.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    return counts / len(samples), means, scatter / (counts - 1)[:, None, None]
