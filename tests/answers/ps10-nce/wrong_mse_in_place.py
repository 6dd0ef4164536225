"""Failed runs are removed from the list in place, while the loop walks over it.

Fails: test_mse_and_failures, test_mse_and_failures_all_failed, test_mse_and_failures_other_inputs
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    total = len(results)
    for run in results:
        if not run[0]:
            results.remove(run)
    if not results:
        return float("nan"), total
    return sum(error for _, error in results) / len(results), total - len(results)
