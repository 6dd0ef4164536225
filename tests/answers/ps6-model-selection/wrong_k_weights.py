"""All k weights are counted, though they must sum to 1.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return k + k * d + k * d * (d + 1) // 2
