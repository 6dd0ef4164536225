"""Each candidate gets the log-likelihood of the one before it: the loop is one place behind.

Fails: test_choose_k, test_choose_k_other_inputs
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    best = [max(fit_from_random_start(samples, k, rng)[3] for _ in range(5)) for k in candidates]
    scores = np.array([bic(best[i - 1], k, d, n) for i, k in enumerate(candidates)])
    return candidates[int(np.argmin(scores))], scores
