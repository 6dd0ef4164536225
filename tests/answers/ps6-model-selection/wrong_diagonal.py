"""Only the variances are counted: diagonal covariances.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return k - 1 + 2 * k * d
