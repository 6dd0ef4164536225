"""The new means take the type of the old ones: integers are cut off.

Fails: test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    new = np.empty_like(means)
    new[:] = means + eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))
    return new
