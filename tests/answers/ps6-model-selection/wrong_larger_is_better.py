"""The other convention: larger is better.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return 2 * log_likelihood - n_parameters(k, d) * np.log(n)
