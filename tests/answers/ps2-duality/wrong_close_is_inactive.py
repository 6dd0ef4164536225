"""A small multiplier is taken for 0.

The solution calls it and passes.

Fails: test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse_b = np.linalg.solve(M, b)
    lam = (2 * c + inverse_b @ h) / (inverse_b @ b)
    return 0.0 if lam < 1e-4 else lam
