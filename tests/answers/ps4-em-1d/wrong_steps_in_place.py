"""E-step and M-step change their arguments: the weights become logarithms, the points are centred.

Integers and read-only arrays cannot take that. The fit hands them copies, and passes.

Fails: test_e_step_other_inputs, test_m_step_other_inputs
"""


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    weights[:] = np.log(weights)
    joint = weights + stats.norm.logpdf(x[:, None], means, sigmas)
    return special.softmax(joint, axis=1)


# %% solution="m_step"
def m_step(x, resp):
    counts = resp.sum(axis=0)
    resp /= counts
    means = x @ resp
    return counts / len(x), means, np.sqrt(((x[:, None] - means) ** 2 * resp).sum(axis=0))


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for _ in range(max_iter):
        resp = e_step(x, np.array(weights), means, sigmas)
        weights, means, sigmas = m_step(x, resp)
        history.append(log_likelihood(x, weights, means, sigmas))
        if len(history) > 1 and history[-1] - history[-2] < tol:
            break
    return weights, means, sigmas, np.array(history)
