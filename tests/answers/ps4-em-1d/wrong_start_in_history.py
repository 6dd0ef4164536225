"""The history begins with the value of the start.

Fails: test_fit_em, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = [log_likelihood(x, weights, means, sigmas)]
    for _ in range(max_iter):
        weights, means, sigmas = m_step(x, e_step(x, weights, means, sigmas))
        history.append(log_likelihood(x, weights, means, sigmas))
        if history[-1] - history[-2] < tol:
            break
    return weights, means, sigmas, np.array(history)
