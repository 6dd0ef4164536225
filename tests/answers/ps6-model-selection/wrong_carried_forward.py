"""The count of parameters is wrong (k weights), and bic and choose_k use it.

Only the count loses points: the others inherit the mistake and pass.

Fails: test_n_parameters, test_n_parameters_other_inputs
"""


# %% solution="n_parameters"
def n_parameters(k, d):
    return k + k * d + k * d * (d + 1) // 2


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    return n_parameters(k, d) * np.log(n) - 2 * log_likelihood


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    n, d = samples.shape
    scores = []
    for k in candidates:
        scores.append(
            min(bic(fit_from_random_start(samples, k, rng)[3], k, d, n) for _ in range(5))
        )
    return candidates[int(np.argmin(scores))], np.array(scores)
