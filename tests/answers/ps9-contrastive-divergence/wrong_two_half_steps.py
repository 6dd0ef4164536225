"""The model average is taken at the means after the step along the data average.

Fails: test_update, test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    means = means + eta * mean_gradient(x_real, means)
    return means - eta * mean_gradient(x_model, means)
