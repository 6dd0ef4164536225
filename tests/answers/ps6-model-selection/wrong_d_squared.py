"""All d * d entries of a covariance are counted, as if it were not symmetric.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return k - 1 + k * d + k * d**2
