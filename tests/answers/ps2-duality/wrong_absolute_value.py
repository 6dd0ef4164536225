"""The absolute value stands where the maximum with 0 belongs.

Fails: test_dual_multiplier, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    inverse = np.linalg.inv(M)
    return abs((2 * c + b @ inverse @ h) / (b @ inverse @ b))
