"""The counter starts at 1, so that the loop makes one iteration fewer than max_iter.

Fails: test_fit_em, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for _ in range(1, max_iter):
        weights, means, sigmas = m_step(x, e_step(x, weights, means, sigmas))
        history.append(log_likelihood(x, weights, means, sigmas))
        if len(history) > 1 and history[-1] - history[-2] < tol:
            break
    return weights, means, sigmas, np.array(history)
