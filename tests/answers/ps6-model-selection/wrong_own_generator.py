"""The starts come from a generator made inside, so every seed gives the same starts.

Fails: test_choose_k_random_starts
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    rng = np.random.default_rng(0)
    n, d = samples.shape
    scores = []
    for k in candidates:
        best = max(fit_from_random_start(samples, k, rng)[3] for _ in range(5))
        scores.append(bic(best, k, d, n))
    return candidates[int(np.argmin(scores))], np.array(scores)
