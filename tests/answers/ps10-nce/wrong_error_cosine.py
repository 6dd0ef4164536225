"""The closest true mean is found by cosine similarity instead of distance.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    lengths = np.linalg.norm(estimate, axis=1)[:, None] * np.linalg.norm(truth, axis=1)
    similarity = estimate @ truth.T / np.maximum(lengths, 1e-12)
    closest = similarity.argmax(axis=1)
    error = ((estimate - truth[closest]) ** 2).sum()
    return len(set(closest)) == len(truth), error
