"""Number of points and number of dimensions change places.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return n_parameters(k, n) * np.log(d) - 2 * log_likelihood
