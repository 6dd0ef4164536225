"""The BIC is AIC, and choose_k returns a place: two mistakes, both count.

Fails: test_bic, test_bic_other_inputs, test_choose_k, test_choose_k_other_inputs
"""


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return 2 * n_parameters(k, d) - 2 * log_likelihood


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        best = max(fit_from_random_start(samples, k, rng)[3] for _ in range(5))
        scores.append(bic(best, k, d, n))
    return int(np.argmin(scores)), np.array(scores)
