"""The SSD assigns the points afresh, whatever assignment it is given.

k-means inherits the mistake and passes.

Fails: test_sum_of_squared_distances, test_sum_of_squared_distances_other_inputs
"""


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    one_hot = assignment_step(data_points, centers)
    return ((data_points - one_hot @ centers) ** 2).sum()
