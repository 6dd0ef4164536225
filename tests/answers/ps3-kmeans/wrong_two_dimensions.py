"""Assignment and SSD are written for points in the plane.

On the line they raise an error, in space they leave out a coordinate; k-means calls them.

Fails: test_assignment_step_other_inputs, test_assignment_step_far_from_origin, test_sum_of_squared_distances_other_inputs, test_k_means_iterations, test_k_means_special_cases
"""


# %% solution="assignment_step"
def assignment_step(data_points, centers):
    one_hot = np.zeros((len(data_points), len(centers)))
    for i in range(len(data_points)):
        distances = np.sqrt(
            (data_points[i, 0] - centers[:, 0]) ** 2 + (data_points[i, 1] - centers[:, 1]) ** 2
        )
        one_hot[i, distances.argmin()] = 1
    return one_hot


# %% solution="sum_of_squared_distances"
def sum_of_squared_distances(data_points, centers, assignments_one_hot):
    own = centers[assignments_one_hot.argmax(axis=1)]
    return np.sum((data_points[:, 0] - own[:, 0]) ** 2 + (data_points[:, 1] - own[:, 1]) ** 2)
