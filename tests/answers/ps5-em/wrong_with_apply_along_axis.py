"""The M-step is right but calls apply_along_axis, a loop in disguise.

Fails: test_m_step_without_loops
"""


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]

    def second_moments(column):
        return (column[:, None] * samples).T @ samples / column.sum()

    moments = np.moveaxis(np.apply_along_axis(second_moments, 0, resp), -1, 0)
    return counts / len(samples), means, moments - means[:, :, None] * means[:, None]
