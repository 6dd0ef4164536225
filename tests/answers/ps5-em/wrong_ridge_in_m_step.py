"""The M-step adds 1e-6 to the diagonals.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    covariances = scatter / counts[:, None, None] + 1e-6 * np.eye(samples.shape[1])
    return counts / len(samples), means, covariances
