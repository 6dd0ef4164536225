"""A single start, at the first k points: no randomness at all, and a poor maximum on some data.

Fails: test_choose_k, test_choose_k_random_starts
"""


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        weights, means = np.full(k, 1 / k), samples[:k].astype(float)
        covariances = np.array([np.cov(samples.T, bias=True).reshape(d, d)] * k)
        for _ in range(100):
            logs = np.log(weights) + np.transpose(
                [gaussian_log_density(samples, m, c) for m, c in zip(means, covariances)]
            )
            resp = special.softmax(logs, axis=1)
            counts = resp.sum(axis=0)
            weights, means = counts / n, resp.T @ samples / counts[:, None]
            z = samples - means[:, None]
            covariances = np.einsum("nk,kni,knj->kij", resp, z, z) / counts[:, None, None]
            covariances = covariances + 1e-6 * np.eye(d)
        scores.append(bic(-n * mean_nll(samples, weights, means, covariances), k, d, n))
    return candidates[int(np.argmin(scores))], np.array(scores)
