"""The densities of the pairs are made to sum to 1: another constant for each direction.

Fails: test_log_proposal_other_inputs
"""


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    rest = x_to - x_from - epsilon * score(x_from, means, sigma)
    logs = -(rest**2).sum(axis=1) / (4 * epsilon)
    return logs - special.logsumexp(logs)
