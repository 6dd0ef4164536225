"""The update forgets the learning rate.

Fails: test_update, test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    return means + mean_gradient(x_real, means) - mean_gradient(x_model, means)
