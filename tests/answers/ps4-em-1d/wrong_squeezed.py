"""The results are squeezed: one point, or one component, loses its axis.

The fit inherits the mistake and passes.

Fails: test_e_step, test_e_step_other_inputs, test_m_step, test_m_step_other_inputs
"""


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    joint = np.log(weights) + stats.norm.logpdf(x[:, None], means, sigmas)
    return np.exp(joint - special.logsumexp(joint, axis=1, keepdims=True)).squeeze()


# %% solution="m_step"
def m_step(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    variances = (resp * (x[:, None] - means) ** 2).sum(axis=0) / counts
    return tuple(part.squeeze() for part in (counts / len(x), means, np.sqrt(variances)))
