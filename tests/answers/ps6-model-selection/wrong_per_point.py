"""The mean log-likelihood goes into the BIC instead of the sum.

Fails: test_choose_k, test_choose_k_other_inputs
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        fits = [fit_from_random_start(samples, k, rng) for _ in range(5)]
        best = max(fits, key=lambda fit: fit[3])
        scores.append(bic(-mean_nll(samples, *best[:3]), k, d, n))
    return candidates[int(np.argmin(scores))], np.array(scores)
