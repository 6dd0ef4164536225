"""The constraint is called inactive whenever c is not positive, as if the free minimum were the origin.

Fails: test_dual_multiplier_other_inputs, test_dual_multiplier_inactive
"""


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    if c <= 0:
        return 0.0
    inverse = np.linalg.inv(M)
    return (2 * c + b @ inverse @ h) / (b @ inverse @ b)
