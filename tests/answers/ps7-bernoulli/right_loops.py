"""Right by another method: Python loops, lists and the math module, everything self-contained.

Fails: none
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    if np.ndim(images) == 0:
        return 1 if images > threshold else 0
    return [binarise(part, threshold) for part in images]


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    ones = [[1] * len(x[0]) for _ in range(n_clusters)]
    totals = [2] * n_clusters
    for row, k in zip(x.tolist(), assignments):
        totals[k] += 1
        for j, pixel in enumerate(row):
            ones[k][j] += pixel
    return [[one / total for one in row] for row, total in zip(ones, totals)]


# %% solution="assign"
import math


def log_probability(row, p):
    return sum(math.log(q) if pixel == 1 else math.log1p(-q) for pixel, q in zip(row, p))


def assign(x, probabilities):
    result = []
    for row in x.tolist():
        logs = [log_probability(row, p) for p in probabilities]
        result.append(logs.index(max(logs)))
    return result


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = [int(rng.integers(n_clusters)) for _ in x]
    for _ in range(max_iter):
        probabilities = pixel_probabilities(x, assignments, n_clusters)
        new = assign(x, probabilities)
        if new == assignments:
            break
        assignments = new
    return assignments, probabilities


# %% solution="e_step"
def e_step(x, weights, probabilities):
    resp = []
    for row in x.tolist():
        logs = [math.log(w) + log_probability(row, p) for w, p in zip(weights, probabilities)]
        ratios = [math.exp(value - max(logs)) for value in logs]
        resp.append([ratio / sum(ratios) for ratio in ratios])
    return resp


# %% solution="m_step"
def m_step(x, resp):
    weights, probabilities = [], []
    for k in range(len(resp[0])):
        total = math.fsum(row[k] for row in resp)
        weights.append(total / len(resp))
        probabilities.append(
            [
                (math.fsum(r[k] for r, row in zip(resp, x) if row[j] == 1) + 1) / (total + 2)
                for j in range(len(x[0]))
            ]
        )
    return [weights, probabilities]
