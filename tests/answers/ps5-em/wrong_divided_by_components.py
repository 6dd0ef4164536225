"""The weights are divided by the number of components instead of points.

Fails: test_m_step, test_m_step_other_inputs, test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    return counts / resp.shape[1], means, scatter / counts[:, None, None]
