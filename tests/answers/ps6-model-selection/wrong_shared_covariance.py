"""One covariance is counted for all components together.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return k - 1 + k * d + d * (d + 1) // 2
