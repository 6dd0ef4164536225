"""Six numbers a component: right in two dimensions only.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return 6 * k - 1
