"""The M-step is right but hides its loop in map, inside a helper.

Fails: test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    def one(column):
        mean = np.average(samples, axis=0, weights=column)
        centred = samples - mean
        return column.mean(), mean, (column[:, None] * centred).T @ centred / column.sum()

    weights, means, covariances = zip(*map(one, resp.T))
    return np.array(weights), np.array(means), np.array(covariances)
