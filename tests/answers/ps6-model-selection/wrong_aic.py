"""The penalty is that of AIC, 2 for each parameter.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return 2 * n_parameters(k, d) - 2 * log_likelihood
