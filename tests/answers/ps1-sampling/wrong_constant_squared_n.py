"""N is squared together with sigma.

Fails: test_normalising_constant, test_normalising_constant_other_inputs
"""


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    return 2 * np.pi * (n_components * sigma) ** 2
