"""The score is taken where the step ends.

Fails: test_log_proposal, test_log_proposal_other_inputs
"""


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    rest = x_to - x_from - epsilon * score(x_to, means, sigma)
    return -(rest**2).sum(axis=1) / (4 * epsilon)
