"""Right by another method: the analytic gradient with BFGS, einsum, nothing called twice.

Fails: none
"""


# %% solution="log_noise"
def log_noise(y):
    return stats.norm(1, 2).logpdf(y).sum(axis=-1)


# %% solution="log_h"
def log_ratio(u, means, log_z):
    squares = np.einsum("nd,nd->n", u, u)[:, None] - 2 * u @ means.T
    squares = squares + np.einsum("kd,kd->k", means, means)
    return special.logsumexp(-0.5 * squares, axis=1) - log_z - log_noise(u)


def log_h(u, means, log_z):
    return special.log_expit(log_ratio(u, means, log_z))


# %% solution="nce_loss"
def loss_and_gradient(params, x, y):
    means, log_z = params[:-1].reshape((-1, 2)), params[-1]
    at_x, at_y = log_ratio(x, means, log_z), log_ratio(y, means, log_z)
    loss = -np.sum(special.log_expit(at_x)) - np.sum(special.log_expit(-at_y))
    gradient = np.zeros_like(means)
    for u, slope in [(x, -special.expit(-at_x)), (y, special.expit(at_y))]:
        differences = u[:, None, :] - means[None]
        resp = special.softmax(-0.5 * np.einsum("nkd,nkd->nk", differences, differences), axis=1)
        gradient = gradient + np.einsum("n,nk,nkd->kd", slope, resp, differences)
    slope_z = special.expit(-at_x).sum() - special.expit(at_y).sum()
    return loss, np.append(gradient, slope_z)


def nce_loss(params, x, y):
    return loss_and_gradient(np.append(params, np.log(np.pi * len(params))), x, y)[0]


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    return loss_and_gradient(np.array(params, dtype=float), x, y)[0]


# %% solution="fit_nce"
def fit_nce(x, y, means):
    log_z = np.log(2 * np.pi * len(means))

    def objective(params):
        loss, gradient = loss_and_gradient(np.append(params, log_z), x, y)
        return loss, gradient[:-1]

    found = optimize.minimize(objective, means.flatten().astype(float), jac=True, method="BFGS")
    return np.reshape(found.x, (len(means), 2))


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    start = np.concatenate([means.flatten(), [log_z]])
    found = optimize.minimize(loss_and_gradient, start, args=(x, y), jac=True, method="L-BFGS-B")
    return found.x[:-1].reshape(-1, 2), float(found.x[-1])


# %% solution="closest_error"
def closest_error(estimate, truth):
    tree = spatial.KDTree(truth)
    distance, index = tree.query(estimate)
    return len(set(index.tolist())) == len(truth), np.sum(distance**2)


# %% solution="mse_and_failures"
def mse_and_failures(results):
    ok = np.array([bool(good) for good, _ in results])
    errors = np.array([error for _, error in results], dtype=float)
    if not ok.any():
        return np.nan, len(ok)
    return errors[ok].mean(), np.count_nonzero(~ok)
