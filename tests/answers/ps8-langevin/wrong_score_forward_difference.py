"""A difference quotient with a coarse step in place of the gradient.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    step = 1e-4
    columns = []
    for shift in step * np.eye(2):
        columns.append((log_density(x + shift, means, sigma) - log_density(x, means, sigma)) / step)
    return np.stack(columns, axis=1)
