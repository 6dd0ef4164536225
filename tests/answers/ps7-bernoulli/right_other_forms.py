"""Right by other formulas: small integer types, masks, logits, softmax, einsum.

The start deals the clusters out evenly and shuffles them; the loop never stops before max_iter.

Fails: none
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    binary = np.zeros(np.shape(images), dtype=np.uint8)
    binary[images > threshold] = 1
    return binary


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    probabilities = np.full((n_clusters, x.shape[1]), 0.5)
    for k in np.unique(assignments):
        own = x[assignments == k]
        probabilities[k] = (np.count_nonzero(own, axis=0) + 1) / (len(own) + 2)
    return probabilities


# %% solution="assign"
def assign(x, probabilities):
    # The last of those that tie, and as floats.
    logs = x @ special.logit(probabilities).T + np.log(1 - probabilities).sum(axis=1)
    return logs.shape[1] - 1.0 - np.argmax(logs[:, ::-1], axis=1)


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    z = rng.permutation(np.arange(len(x)) % n_clusters)
    p = pixel_probabilities(x, z, n_clusters)
    for _ in range(max_iter):
        z = np.argmax(np.where(x[:, None] == 1, np.log(p), np.log1p(-p)).sum(axis=2), axis=1)
        p = pixel_probabilities(x, z, n_clusters)
    return z.astype(np.int16), p


# %% solution="e_step"
def e_step(x, weights, probabilities):
    ones = np.asarray(x, dtype=float)[:, None]
    logs = special.xlogy(ones, probabilities) + special.xlog1py(1 - ones, -probabilities)
    return special.softmax(np.log(weights) + logs.sum(axis=2), axis=1)


# %% solution="m_step"
def m_step(x, resp):
    ones = np.einsum("nk,nd->kd", resp, x)
    zeros = np.einsum("nk,nd->kd", resp, 1.0 - x)
    return resp.mean(axis=0), (ones + 1) / (ones + zeros + 2)
