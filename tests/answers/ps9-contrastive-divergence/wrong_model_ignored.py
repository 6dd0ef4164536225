"""The update leaves the model average out: in this model it is 0 on average.

The fits inherit it and pass, although they do not depend on the seed any more.

Fails: test_update, test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    return means + eta * mean_gradient(x_real, means)
