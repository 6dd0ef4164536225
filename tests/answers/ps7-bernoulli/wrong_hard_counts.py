"""Each image counts wholly for its most responsible component.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(x, resp):
    hard = np.eye(resp.shape[1])[resp.argmax(axis=1)]
    counts = hard.sum(axis=0)
    return counts / len(x), (hard.T @ x + 1) / (counts[:, None] + 2)
