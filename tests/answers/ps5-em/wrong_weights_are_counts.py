"""The weights are the effective numbers of points, not divided by n.

Fails: test_m_step, test_m_step_other_inputs, test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    return counts, means, scatter / counts[:, None, None]
