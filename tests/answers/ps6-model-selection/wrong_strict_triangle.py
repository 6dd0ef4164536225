"""The entries below the diagonal are counted without the diagonal.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return k - 1 + k * d + k * d * (d - 1) // 2
