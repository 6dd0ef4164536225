"""The candidate with the largest likelihood; the scores are right.

Fails: test_choose_k, test_choose_k_other_inputs
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    best, scores = [], []
    for k in candidates:
        fits = [fit_from_random_start(samples, k, rng)[3] for _ in range(5)]
        best.append(max(fits))
        scores.append(bic(best[-1], k, d, n))
    return candidates[np.argmax(best)], scores
