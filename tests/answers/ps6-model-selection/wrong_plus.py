"""Twice the log-likelihood is added instead of subtracted.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return n_parameters(k, d) * np.log(n) + 2 * log_likelihood
