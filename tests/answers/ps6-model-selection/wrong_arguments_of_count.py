"""The arguments of n_parameters change places.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return n_parameters(d, k) * np.log(n) - 2 * log_likelihood
