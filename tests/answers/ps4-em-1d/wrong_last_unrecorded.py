"""The iteration after which the loop stops is neither recorded nor returned.

Fails: test_fit_em_stopping
"""


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for _ in range(max_iter):
        new = m_step(x, e_step(x, weights, means, sigmas))
        value = log_likelihood(x, *new)
        if history and value - history[-1] < tol:
            break
        weights, means, sigmas = new
        history.append(value)
    return weights, means, sigmas, np.array(history)
