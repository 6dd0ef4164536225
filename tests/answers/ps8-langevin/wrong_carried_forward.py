"""The score has the wrong sign, and everything else is built on it: only the score loses points.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    resp = special.softmax(-squares / (2 * sigma**2), axis=1)
    return (x - resp @ means) / sigma**2


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    terms = log_density(x_new, means, sigma) - log_density(x, means, sigma)
    there = x + epsilon * score(x, means, sigma)
    back = x_new + epsilon * score(x_new, means, sigma)
    terms += (((x_new - there) ** 2).sum(axis=1) - ((x - back) ** 2).sum(axis=1)) / (4 * epsilon)
    return np.minimum(0, terms)


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    x = np.array(x, dtype=float)
    accepted = np.zeros(len(x))
    for _ in range(n_steps):
        kick = rng.normal(scale=np.sqrt(2 * epsilon), size=x.shape)
        x_new = x + epsilon * score(x, means, sigma) + kick
        move = rng.random(len(x)) < np.exp(log_acceptance(x_new, x, means, sigma, epsilon))
        x[move] = x_new[move]
        accepted += move
    return x, accepted.mean() / n_steps
