"""Probabilities are kept away from 0 and 1 although they never are 0 or 1.

Fails: test_assign_other_inputs, test_e_step_other_inputs
"""


# %% solution="assign"
def assign(x, probabilities):
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return (x @ np.log(p).T + (1 - x) @ np.log(1 - p).T).argmax(axis=1)


# %% solution="e_step"
def e_step(x, weights, probabilities):
    tiny = 1e-12
    logs = x @ np.log(probabilities + tiny).T + (1 - x) @ np.log(1 - probabilities + tiny).T
    return special.softmax(np.log(weights) + logs, axis=1)
