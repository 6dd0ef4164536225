"""The adjustment uses the assignment as a mask, which works for True and False only.

The student's own assignment step returns those, so k-means passes.

Fails: test_adjustment_step, test_adjustment_step_other_inputs, test_adjustment_step_empty_cluster
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    nearest = ((data_points[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
    return nearest[:, None] == np.arange(len(centers))


# %% solution="adjustment_step"
def adjustment_step(data_points, assignments_one_hot):
    return np.array(
        [
            data_points[mask].mean(axis=0) if mask.any() else data_points.mean(axis=0)
            for mask in assignments_one_hot.T
        ]
    )
