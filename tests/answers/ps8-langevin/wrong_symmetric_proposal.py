"""The drift is left out, so that both directions have the same density.

Fails: test_log_proposal, test_log_proposal_other_inputs
"""


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    return -((x_to - x_from) ** 2).sum(axis=1) / (4 * epsilon)
