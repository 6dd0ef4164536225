"""Right without calling earlier functions: the exact difference of the two proposal squares, the score carried along, one chain after the other's decision.

Fails: none
"""


# %% solution="score"
def score(x, means, sigma):
    pull = np.zeros((len(x), 2))
    peak = np.full(len(x), -np.inf)
    total = np.zeros(len(x))
    for mean in means:  # a running softmax over the components
        square = -((x - mean) ** 2).sum(axis=1) / (2 * sigma**2)
        top = np.maximum(peak, square)
        keep, fresh = np.exp(peak - top), np.exp(square - top)
        total = keep * total + fresh
        pull = keep[:, None] * pull + fresh[:, None] * (mean - x)
        peak = top
    return pull / total[:, None] / sigma**2


# %% solution="log_acceptance"
def both(points, means, sigma):
    squares = np.sum((points[:, None, :] - means) ** 2, axis=-1)
    nearest = squares.min(axis=1, keepdims=True)
    parts = np.exp((nearest - squares) / 2 / sigma**2)
    total = parts.sum(axis=1, keepdims=True)
    values = np.log(total[:, 0]) - nearest[:, 0] / 2 / sigma**2
    return values, (parts / total) @ means / sigma**2 - points / sigma**2


def log_acceptance(x_new, x, means, sigma, epsilon):
    density, pull = both(x, means, sigma)
    new_density, new_pull = both(x_new, means, sigma)
    # -|x - x' - e s'|^2 + |x' - x - e s|^2 over 4 e is a product
    move = x_new - x
    product = np.sum((pull + new_pull) * (2 * move + epsilon * (new_pull - pull)), axis=1) / 4
    return np.minimum(new_density - density - product, 0)


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    chains = np.array(x, dtype=float)
    rate = 0.0
    for step in range(1, n_steps + 1):
        u = rng.uniform(size=len(chains))
        noise = rng.normal(0, np.sqrt(2 * epsilon), size=chains.shape)
        proposal = chains + epsilon * both(chains, means, sigma)[1] + noise
        alpha = np.exp(log_acceptance(proposal, chains, means, sigma, epsilon))
        share = 0
        for i in range(len(chains)):
            if u[i] <= alpha[i]:
                chains[i] = proposal[i]
                share += 1 / len(chains)
        rate += (share - rate) / step
    return chains.tolist(), rate
