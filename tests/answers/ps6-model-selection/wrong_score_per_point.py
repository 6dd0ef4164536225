"""The BIC is divided by the number of points.

Fails: test_choose_k, test_choose_k_other_inputs
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        best = max(fit_from_random_start(samples, k, rng)[3] for _ in range(5))
        scores.append(bic(best, k, d, n))
    return candidates[int(np.argmin(scores))], np.array(scores) / n
