"""Right by another method: the zero of the slope of the dual, a straight line; the half space in turned coordinates.

Fails: none
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    M, h, b = (np.asarray(part, dtype=float) for part in (M, h, b))

    def slope(lam):
        return c - b @ np.linalg.solve(2 * M, lam * b - h)

    # The slope of the dual is a straight line in the price.
    scale = 1 / (b @ np.linalg.solve(M, b))
    start, end = slope(0.0), slope(scale)
    return np.array(0.0) if start <= 0 else np.array(scale * start / (start - end))


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    root = np.linalg.cholesky(M)
    # y = root' x turns the objective into |y|^2 + y'g, and the constraint into y'a >= c.
    g, a = linalg.solve_triangular(root, np.stack([h, b], axis=1).astype(float), lower=True).T
    y = -g / 2
    missing = max(0.0, (c - y @ a) / (a @ a))
    x = linalg.solve_triangular(root.T, y + missing * a, lower=False)
    return [x.tolist(), 2 * missing]


# %% solution="mixing_weights"
def mixing_weights(resp):
    return (np.einsum("ik->k", np.asarray(resp, dtype=float)) / np.shape(resp)[0]).tolist()
