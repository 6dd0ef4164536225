"""The fit writes the new parameters into the arrays it was given, so integer starts are truncated.

Fails: test_fit_em_iterations
"""


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for _ in range(max_iter):
        weights[:], means[:], sigmas[:] = m_step(x, e_step(x, weights, means, sigmas))
        history.append(log_likelihood(x, weights, means, sigmas))
        if len(history) > 1 and history[-1] - history[-2] < tol:
            break
    return weights, means, sigmas, np.array(history)
