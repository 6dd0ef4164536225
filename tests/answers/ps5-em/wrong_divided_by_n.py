"""The covariances are divided by n instead of N_k.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    covariances = np.einsum("nk,kni,knj->kij", resp, centred, centred) / len(samples)
    return counts / len(samples), means, covariances
