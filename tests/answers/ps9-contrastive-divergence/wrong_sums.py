"""The update takes sums over the points instead of averages.

Fails: test_update, test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    real = len(x_real) * mean_gradient(x_real, means)
    model = len(x_model) * mean_gradient(x_model, means)
    return means + eta * (real - model)
