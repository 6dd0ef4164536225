"""Right by another method: loops over points and components with the math module, lists for arrays.

Fails: none
"""

# %% solution="log_density"
import math


def squares(a, b):
    return (float(a[0]) - float(b[0])) ** 2 + (float(a[1]) - float(b[1])) ** 2


def exponents(point, means, sigma):
    return [-squares(point, m) / (2 * sigma**2) for m in means]


def log_density(x, means, sigma):
    values = []
    for point in x:
        terms = exponents(point, means, sigma)
        largest = max(terms)
        total = sum(math.exp(t - largest) for t in terms)
        values.append(largest + math.log(total / len(means)) - math.log(2 * math.pi * sigma**2))
    return values


# %% solution="score"
def score(x, means, sigma):
    rows = []
    for point in x:
        terms = exponents(point, means, sigma)
        largest = max(terms)
        weights = [math.exp(t - largest) for t in terms]
        rows.append(
            [
                sum(w * (m[a] - point[a]) for w, m in zip(weights, means)) / sum(weights) / sigma**2
                for a in (0, 1)
            ]
        )
    return rows


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    rows = []
    for point, pull, kick in zip(x, score(x, means, sigma), noise):
        rows.append(
            [point[a] + epsilon * pull[a] + math.sqrt(2 * epsilon) * kick[a] for a in range(2)]
        )
    return rows


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    zeros = [[0.0, 0.0]] * len(x_from)
    centres = langevin_step(x_from, means, sigma, epsilon, zeros)
    return [-squares(a, b) / (4 * epsilon) for a, b in zip(x_to, centres)]


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    old = log_density(x, means, sigma)
    new = log_density(x_new, means, sigma)
    return [min(0.0, new[i] - old[i] + back[i] - out[i]) for i in range(len(x))]


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    chains = [[float(a) for a in point] for point in x]
    accepted = 0
    for _ in range(n_steps):
        noise = rng.normal(size=(len(chains), 2))
        proposals = langevin_step(chains, means, sigma, epsilon, noise)
        log_alpha = log_acceptance(proposals, chains, means, sigma, epsilon)
        for i in range(len(chains)):
            if math.log(rng.random()) < log_alpha[i]:
                chains[i] = proposals[i]
                accepted += 1
    return chains, accepted / len(chains) / n_steps
