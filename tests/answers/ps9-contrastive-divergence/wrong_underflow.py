"""The responsibilities are a ratio of densities, which is 0/0 far from every mean.

Fails: test_mean_gradient_far_points
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    differences = x[:, None] - means
    densities = np.exp(-(differences**2).sum(axis=2) / 2)
    resp = densities / densities.sum(axis=1, keepdims=True)
    return (resp[:, :, None] * differences).mean(axis=0)
