"""The maximum with 0 is missing: an inactive constraint gets a negative price.

Fails: test_dual_multiplier, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse = np.linalg.inv(M)
    return (2 * c + b @ inverse @ h) / (b @ inverse @ b)
