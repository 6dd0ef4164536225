"""The smallest distance is looked for along the wrong axis: the nearest point of each centre.

k-means inherits the mistake and passes.

Fails: test_assignment_step, test_assignment_step_other_inputs, test_assignment_step_far_from_origin
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    squares = ((data_points[:, None] - centers) ** 2).sum(axis=2)
    return (squares == squares.min(axis=0)).astype(int)
