"""The number of components stands where the number of parameters belongs.

Fails: test_bic, test_bic_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return k * np.log(n) - 2 * log_likelihood
