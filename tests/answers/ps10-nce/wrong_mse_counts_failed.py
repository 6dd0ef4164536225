"""The errors of failed runs are averaged too.

Fails: test_mse_and_failures, test_mse_and_failures_all_failed, test_mse_and_failures_other_inputs
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    return sum(error for _, error in results) / len(results), sum(not ok for ok, _ in results)
