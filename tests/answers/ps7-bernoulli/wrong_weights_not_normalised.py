"""The effective numbers of images are returned as weights.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(x, resp):
    counts = resp.sum(axis=0)
    return counts, (resp.T @ x + 1) / (counts[:, None] + 2)
