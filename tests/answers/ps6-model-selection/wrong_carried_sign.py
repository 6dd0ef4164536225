"""The mean NLL has the wrong sign, and choose_k works with it, so that its worst start wins.

Only mean_nll loses points.

Fails: test_mean_nll, test_mean_nll_other_inputs, test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    logs = np.array(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ]
    )
    return special.logsumexp(logs, axis=0).mean()


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        values = []
        for _ in range(5):
            fit = fit_from_random_start(samples, k, rng)
            values.append(bic(-n * mean_nll(samples, *fit[:3]), k, d, n))
        scores.append(min(values))
    return candidates[int(np.argmin(scores))], np.array(scores)
