"""The E-step raises a TypeError: the shape of np.zeros is not a tuple.

The fit calls it and falls with it.

Fails: test_e_step, test_e_step_other_inputs, test_e_step_far_tails, test_fit_em, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    resp = np.zeros(len(x), len(means))
    for j in range(len(means)):
        resp[:, j] = weights[j] * stats.norm.pdf(x, means[j], sigmas[j])
    return resp / resp.sum(axis=1, keepdims=True)
