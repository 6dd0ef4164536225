"""The responsibilities leave out the mixing weights.

Fails: test_e_step, test_e_step_other_inputs, test_e_step_far_tails
"""


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    return special.softmax(stats.norm.logpdf(x[:, None], means, sigmas), axis=1)
