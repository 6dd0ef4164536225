"""The M-step sums the responsibilities over the components instead of the points.

The fit calls it and falls with it.

Fails: test_m_step, test_m_step_other_inputs, test_fit_em, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="m_step"
def m_step(x, resp):
    counts = resp.sum(axis=1)
    means = x @ resp / counts
    variances = (resp * (x[:, None] - means) ** 2).sum(axis=0) / counts
    return counts / len(x), means, np.sqrt(variances)
