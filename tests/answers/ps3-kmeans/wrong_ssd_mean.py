"""The SSD is divided by the number of points.

k-means inherits the mistake and passes.

Fails: test_sum_of_squared_distances, test_sum_of_squared_distances_other_inputs
"""


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    return np.mean(np.sum((data_points - assignments_one_hot @ centers) ** 2, axis=1))
