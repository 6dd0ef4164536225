"""The SSD counts the distances to all centres.

k-means inherits the mistake and passes.

Fails: test_sum_of_squared_distances, test_sum_of_squared_distances_other_inputs
"""


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    return ((data_points[:, None] - centers) ** 2).sum()
