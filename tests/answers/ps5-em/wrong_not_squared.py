"""The matching adds the distances, not their squares.

Fails: test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    def total(order):
        return np.linalg.norm(estimated_means[list(order)] - true_means, axis=1).sum()

    return np.array(min(itertools.permutations(range(len(true_means))), key=total))
