"""The Schwarz criterion without the factor 2: half of what was asked.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return 0.5 * n_parameters(k, d) * np.log(n) - log_likelihood
