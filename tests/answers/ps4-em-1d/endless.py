"""The fit never ends: its loop waits for a counter that nobody advances.

Fails: test_fit_em, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    iteration = 0
    history = np.full(max_iter, -np.inf)
    while iteration < max_iter:
        weights, means, sigmas = m_step(x, e_step(x, weights, means, sigmas))
        history[iteration] = log_likelihood(x, weights, means, sigmas)
    return weights, means, sigmas, history
