"""A density of its own in the E-step, which leaves out the determinant.

Fails: test_e_step, test_e_step_other_inputs, test_e_step_far_tails
"""


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    logs = np.empty((len(samples), len(weights)))
    for j in range(len(weights)):
        centred = samples - means[j]
        squares = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(covariances[j]), centred)
        logs[:, j] = np.log(weights[j]) - 0.5 * squares
    return special.softmax(logs, axis=1)
