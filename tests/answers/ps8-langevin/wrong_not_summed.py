"""A value for each coordinate instead of each point.

Fails: test_log_proposal, test_log_proposal_other_inputs, test_log_acceptance, test_log_acceptance_other_inputs, test_log_acceptance_far_tails, test_mala, test_mala_distribution, test_mala_chains, test_mala_generator
"""


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    rest = x_to - x_from - epsilon * score(x_from, means, sigma)
    return -(rest**2) / (4 * epsilon)
