"""Gradient descent that never ends: the gradient is computed once, before the loop.

Fails: test_fit_nce, test_fit_nce_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    params = means.ravel().astype(float)
    slope = optimize.approx_fprime(params, nce_loss, 1e-6, x, y)
    while np.abs(slope).max() > 1e-6:
        params = params - 1e-6 * slope
    return params.reshape(-1, 2)
