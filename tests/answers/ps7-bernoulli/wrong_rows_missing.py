"""Only clusters that have images get a row.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    rows = []
    for k in np.unique(assignments):
        own = x[assignments == k]
        rows.append((own.sum(axis=0) + 1) / (len(own) + 2))
    return np.array(rows)
