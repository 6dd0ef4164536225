"""Right by another method: Python loops and lists, every function on its own, Nelder and Mead's simplex.

Fails: none
"""

# %% solution="log_noise"
import math


def log_noise(y):
    return [-0.5 * ((a - 1) ** 2 + (b - 1) ** 2) / 4 - math.log(2 * math.pi * 4) for a, b in y]


# %% solution="log_h"
def log_h(u, means, log_z):
    result = []
    for a, b in u.tolist():
        logs = [-0.5 * ((a - c) ** 2 + (b - d) ** 2) for c, d in means.tolist()]
        top = max(logs)
        model = top + math.log(sum(math.exp(value - top) for value in logs)) - log_z
        noise = -((a - 1) ** 2 + (b - 1) ** 2) / 8 - math.log(8 * math.pi)
        top = max(model, noise)
        total = top + math.log(math.exp(model - top) + math.exp(noise - top))
        result.append(model - total)
    return result


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = [(params[i], params[i + 1]) for i in range(0, len(params), 2)]
    log_z = math.log(2 * math.pi * len(means))
    loss = 0.0
    for is_data, points in [(True, x), (False, y)]:
        for a, b in points.tolist():
            logs = [-0.5 * ((a - c) ** 2 + (b - d) ** 2) for c, d in means]
            top = max(logs)
            model = top + math.log(sum(math.exp(value - top) for value in logs)) - log_z
            noise = -((a - 1) ** 2 + (b - 1) ** 2) / 8 - math.log(8 * math.pi)
            gap = noise - model if is_data else model - noise
            loss += max(gap, 0) + math.log1p(math.exp(-abs(gap)))
    return loss


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    *flat, log_z = [float(value) for value in params]
    means = list(zip(flat[::2], flat[1::2]))
    loss = 0.0
    for sign, points in [(1, x), (-1, y)]:
        for a, b in points.tolist():
            logs = [-0.5 * ((a - c) ** 2 + (b - d) ** 2) for c, d in means]
            top = max(logs)
            model = top + math.log(sum(math.exp(value - top) for value in logs)) - log_z
            noise = -((a - 1) ** 2 + (b - 1) ** 2) / 8 - math.log(8 * math.pi)
            gap = sign * (noise - model)
            loss += max(gap, 0) + math.log1p(math.exp(-abs(gap)))
    return np.float64(loss)


# %% solution="fit_nce"
def fit_nce(x, y, means):
    start = [float(value) for row in means for value in row]
    options = {"maxiter": 20000, "maxfev": 20000, "xatol": 1e-6, "fatol": 1e-9}

    def total(params):
        means = np.array(params).reshape(-1, 2)
        log_z = np.log(2 * np.pi * len(means))
        loss = 0.0
        for sign, points in [(1, x), (-1, y)]:
            logs = np.array([-0.5 * ((points - mean) ** 2).sum(1) for mean in means])
            gap = np.logaddexp.reduce(logs, 0) - log_z - stats.norm.logpdf(points, 1, 2).sum(1)
            loss += np.logaddexp(0, -sign * gap).sum()
        return loss

    found = optimize.minimize(total, start, method="Nelder-Mead", options=options)
    return [[found.x[2 * j], found.x[2 * j + 1]] for j in range(len(means))]


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    start = [float(value) for row in means for value in row] + [float(log_z)]

    def total(params):
        loss = 0.0
        for sign, points in [(1, x), (-1, y)]:
            logs = [
                -0.5 * ((points - params[j : j + 2]) ** 2).sum(1)
                for j in range(0, len(params) - 1, 2)
            ]
            gap = special.logsumexp(logs, axis=0) - params[-1]
            gap = gap - stats.norm.logpdf(points, 1, 2).sum(1)
            loss += np.logaddexp(0, -sign * gap).sum()
        return loss

    found = optimize.minimize(total, start, method="CG").x
    return [list(found[2 * j : 2 * j + 2]) for j in range(len(means))], found[-1]


# %% solution="closest_error"
def closest_error(estimate, truth):
    taken, total, ok = [], 0.0, True
    for a, b in estimate.tolist():
        squares = [(a - c) ** 2 + (b - d) ** 2 for c, d in truth.tolist()]
        closest = squares.index(min(squares))
        if closest in taken:
            ok = False
        taken.append(closest)
        total += min(squares)
    return [ok, total]


# %% solution="mse_and_failures"
def mse_and_failures(results):
    total, count, failures = 0.0, 0, 0
    for ok, error in results:
        if ok:
            total += error
            count += 1
        else:
            failures += 1
    return [total / count if count else math.nan, failures]
