"""The log-likelihood is subtracted once instead of twice.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    p = (k - 1) + k * d + k * d * (d + 1) / 2
    return p * np.log(n) - log_likelihood
