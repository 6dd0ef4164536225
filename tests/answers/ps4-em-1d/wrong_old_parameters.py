"""The history is right, but the parameters returned are those of the iteration before.

Fails: test_fit_em, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for _ in range(max_iter):
        old = weights, means, sigmas
        weights, means, sigmas = m_step(x, e_step(x, weights, means, sigmas))
        history.append(log_likelihood(x, weights, means, sigmas))
        if len(history) > 1 and history[-1] - history[-2] < tol:
            break
    return *old, np.array(history)
