"""Right by another method: SciPy's non-negative least squares finds the multiplier, eigenvectors the rest.

Fails: none
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    from scipy.optimize import nnls

    root = np.linalg.cholesky(M)
    u = linalg.solve_triangular(root, b, lower=True)
    w = linalg.solve_triangular(root, h, lower=True)
    length = np.linalg.norm(u)
    return nnls(np.array([[length]]), np.array([(2 * c + u @ w) / length]))[0][0]


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    values, vectors = np.linalg.eigh(M)
    lam = dual_multiplier(M, h, b, c)
    return vectors @ (vectors.T @ (lam * b - h) / (2 * values)), lam


# %% solution="mixing_weights"
def mixing_weights(resp):
    counts = np.ones(len(resp)) @ resp
    return counts / counts.sum()
