"""The scores come as a dictionary, and the answer is its key.

Fails: test_choose_k, test_choose_k_other_inputs, test_choose_k_random_starts
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = {}
    for k in candidates:
        best = max(fit_from_random_start(samples, k, rng)[3] for _ in range(5))
        scores[k] = bic(best, k, d, n)
    return min(scores, key=scores.get), scores
