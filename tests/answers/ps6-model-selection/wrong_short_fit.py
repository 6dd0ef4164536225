"""EM stops after three iterations.

Fails: test_choose_k, test_choose_k_other_inputs
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        fits = [fit_from_random_start(samples, k, rng, max_iter=3) for _ in range(5)]
        scores.append(bic(max(fit[3] for fit in fits), k, d, n))
    return candidates[int(np.argmin(scores))], np.array(scores)
