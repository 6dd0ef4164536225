"""The update goes downhill: model minus data.

The fits inherit it and pass.

Fails: test_update, test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    return means - eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))
