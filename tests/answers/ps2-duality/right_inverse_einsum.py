"""Right by another method: the explicit inverse, einsum, a projection in the metric of M, an average.

Fails: none
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse = np.linalg.inv(M)
    top = 2 * c + np.einsum("i,ij,j", b, inverse, h)
    return np.where(top > 0, top / np.einsum("i,ij,j", b, inverse, b), 0.0)


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    inverse = np.linalg.inv(M)
    free = -inverse @ h / 2
    shift = inverse @ b / (b @ inverse @ b)
    missing = max(c - b @ free, 0)
    x = free + missing * shift
    return x, 2 * missing / (b @ inverse @ b)


# %% solution="mixing_weights"
def mixing_weights(resp):
    return np.mean(resp, axis=0)
