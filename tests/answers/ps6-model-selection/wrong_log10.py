"""The logarithm has base 10.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return n_parameters(k, d) * np.log10(n) - 2 * log_likelihood
