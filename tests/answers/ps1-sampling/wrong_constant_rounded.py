"""The constant with 3.14 for pi.

Fails: test_normalising_constant, test_normalising_constant_other_inputs
"""


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    return 2 * 3.14 * n_components * sigma**2
