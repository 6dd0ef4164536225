"""The M-step returns the means first.

The student's fit unpacks them in the same order, and passes.

Fails: test_m_step, test_m_step_other_inputs
"""


# %% solution="m_step"
def m_step(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    variances = (resp * (x[:, None] - means) ** 2).sum(axis=0) / counts
    return means, np.sqrt(variances), counts / len(x)


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for _ in range(max_iter):
        means, sigmas, weights = m_step(x, e_step(x, weights, means, sigmas))
        history.append(log_likelihood(x, weights, means, sigmas))
        if len(history) > 1 and history[-1] - history[-2] < tol:
            break
    return weights, means, sigmas, np.array(history)
