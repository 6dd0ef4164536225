"""b and h change places.

Fails: test_dual_multiplier, test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse_h = np.linalg.solve(M, h)
    return max(0.0, (2 * c + inverse_h @ b) / (inverse_h @ h))
