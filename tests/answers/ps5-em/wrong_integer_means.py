"""The M-step writes the means into an array like the data, so integers are cut off.

Fails: test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = np.zeros((resp.shape[1], samples.shape[1]), dtype=samples.dtype)
    means[:] = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    return counts / len(samples), means, scatter / counts[:, None, None]
