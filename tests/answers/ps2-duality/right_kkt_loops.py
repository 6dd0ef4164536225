"""Right by another method: a guess which case holds, the linear KKT system, loops and lists.

Fails: none
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    d = len(h)
    free = np.linalg.solve(2 * M, -h)
    if sum(free[i] * b[i] for i in range(d)) >= c:
        return 0
    system = np.zeros((d + 1, d + 1))
    system[:d, :d] = 2 * M
    system[:d, d] = -b
    system[d, :d] = b
    return np.linalg.solve(system, [*(-h), c])[d]


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    d = len(h)
    free = np.linalg.solve(2 * M, -h)
    if sum(free[i] * b[i] for i in range(d)) >= c:
        return list(free), 0
    system = np.zeros((d + 1, d + 1))
    system[:d, :d] = 2 * M
    system[:d, d] = -b
    system[d, :d] = b
    *x, lam = np.linalg.solve(system, [*(-h), c])
    return x, lam


# %% solution="mixing_weights"
def mixing_weights(resp):
    weights = [0.0] * len(resp[0])
    for row in resp:
        for j, share in enumerate(row):
            weights[j] += share / len(resp)
    return weights
