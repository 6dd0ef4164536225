"""The exponent lacks the factor 1/2, as if the variance were 1/2.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    differences = x[:, None] - means
    resp = special.softmax(-(differences**2).sum(axis=2), axis=1)
    return (resp[:, :, None] * differences).mean(axis=0)
