"""The last parameter is dropped and the known ln Z is used.

Fails: test_nce_loss_z, test_nce_loss_z_other_inputs, test_nce_loss_z_far_points
"""


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    return nce_loss(params[:-1], x, y)
