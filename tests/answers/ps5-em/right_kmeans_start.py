"""Right in another form: precisions and expanded squares, and a start from three rounds of k-means.

The matching maximises the inner products, which has the same optimum.

Fails: none
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    factors = np.linalg.cholesky(covariances)  # (k, d, d)
    centred = samples[:, None] - means  # (n, k, d)
    scaled = np.linalg.solve(factors[None], centred[..., None])[..., 0]
    log_determinants = 2 * np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    logs = -0.5 * (
        samples.shape[1] * np.log(2 * np.pi) + log_determinants + (scaled**2).sum(axis=2)
    )
    return np.logaddexp.reduce(logs + np.log(weights), axis=1).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    log_joint = np.stack(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    # One over the sum of the ratios of all components to this one.
    return 1 / np.exp(log_joint[:, None, :] - log_joint[:, :, None]).sum(axis=2)


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = np.tensordot(resp, samples, axes=(0, 0)) / counts[:, np.newaxis]
    root = np.sqrt(resp / counts)  # (n, k)
    scaled = root[:, :, None] * (samples[:, None] - means)  # (n, k, d)
    return resp.mean(axis=0), means, np.einsum("nki,nkj->kij", scaled, scaled)


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    samples = samples.astype(float)
    centres = samples[rng.permutation(len(samples))[:num_components]]
    for _ in range(3):
        nearest = ((samples[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        hot = nearest[:, None] == np.arange(num_components)
        centres = (hot.T @ samples + centres) / (hot.sum(axis=0) + 1)[:, None]
    weights, means = (hot.sum(axis=0) + 1) / (hot.sum() + num_components), centres
    spread = ((samples - centres[nearest]) ** 2).mean()
    covariances = spread * np.eye(samples.shape[1])[None].repeat(num_components, axis=0)
    history = ()
    for _ in range(num_iters):
        weights, means, covariances = m_step(samples, e_step(samples, weights, means, covariances))
        history += (gmm_log_likelihood(samples, weights, means, covariances),)
    return [weights, means, covariances, history]


# %% solution="match_components"
def match_components(estimated_means, true_means):
    # The squares of the means are the same in every order.
    products = np.asarray(true_means, dtype=float) @ np.transpose(estimated_means)
    return optimize.linear_sum_assignment(products, maximize=True)[1].tolist()
