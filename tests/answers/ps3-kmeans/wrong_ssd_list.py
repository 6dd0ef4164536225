"""One SSD a cluster, in an array, instead of one number.

k-means appends arrays to its history, which is no longer flat.

Fails: test_sum_of_squared_distances, test_sum_of_squared_distances_other_inputs, test_k_means, test_k_means_iterations, test_k_means_special_cases
"""


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    squares = ((data_points[:, None] - centers) ** 2).sum(axis=2)
    return (assignments_one_hot * squares).sum(axis=0)
