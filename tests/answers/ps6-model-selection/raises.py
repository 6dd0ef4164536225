"""The count of parameters raises a NameError; bic and choose_k call it and fall with it.

Fails: test_n_parameters, test_n_parameters_other_inputs, test_bic, test_bic_other_inputs, test_choose_k, test_choose_k_other_inputs, test_choose_k_random_starts
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return (K - 1) + K * d + K * d * (d + 1) // 2
