"""The SSD under a square root: the norm of all differences.

k-means inherits the mistake and passes.

Fails: test_sum_of_squared_distances, test_sum_of_squared_distances_other_inputs
"""


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    return np.linalg.norm(data_points - assignments_one_hot @ centers)
