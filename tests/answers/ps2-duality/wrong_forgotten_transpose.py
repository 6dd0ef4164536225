"""The inverse is put together as R R-transpose from R, the inverse of the Cholesky factor: the wrong order.

Right for d = 1 and for diagonal matrices.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    root = np.linalg.inv(np.linalg.cholesky(M))
    inverse = root @ root.T
    return max(0.0, (2 * c + b @ inverse @ h) / (b @ inverse @ b))
