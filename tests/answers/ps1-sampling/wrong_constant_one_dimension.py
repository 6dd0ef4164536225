"""The normalising constant of Gaussians on the line.

Fails: test_normalising_constant, test_normalising_constant_other_inputs
"""


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    return n_components * np.sqrt(2 * np.pi) * sigma
