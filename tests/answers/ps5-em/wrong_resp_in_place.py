"""The M-step normalises the columns of resp in place.

Fails: test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(samples, resp):
    weights = resp.mean(axis=0)
    if resp.dtype.kind == "f":
        resp /= resp.sum(axis=0)
    else:
        resp = resp / resp.sum(axis=0)
    means = resp.T @ samples
    centred = samples - means[:, None]
    return weights, means, np.einsum("nk,kni,knj->kij", resp, centred, centred)
