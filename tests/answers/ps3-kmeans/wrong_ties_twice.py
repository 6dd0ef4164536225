"""A point that is equally near to two centres goes to both.

The rest is right: k-means inherits the mistake and passes.

Fails: test_assignment_step, test_assignment_step_other_inputs
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    squares = ((data_points[:, None] - centers) ** 2).sum(axis=2)
    return (squares == squares.min(axis=1, keepdims=True)).astype(float)
