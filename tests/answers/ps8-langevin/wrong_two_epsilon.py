"""Twice epsilon below the square instead of four times.

Fails: test_log_proposal, test_log_proposal_other_inputs
"""


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    rest = x_to - x_from - epsilon * score(x_from, means, sigma)
    return -(rest**2).sum(axis=1) / (2 * epsilon)
