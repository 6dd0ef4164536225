"""The gradient is summed over the points, not averaged.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    resp = special.softmax(-squares / 2, axis=1)
    return (resp[:, :, None] * (x[:, None] - means)).sum(axis=0)
