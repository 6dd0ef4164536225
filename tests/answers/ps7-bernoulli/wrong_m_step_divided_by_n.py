"""The weighted sums are divided by the number of all images.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(x, resp):
    return resp.mean(axis=0), (resp.T @ x + 1) / (len(x) + 2)
