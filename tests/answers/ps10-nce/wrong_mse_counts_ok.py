"""Returns the number of runs that are ok.

Fails: test_mse_and_failures, test_mse_and_failures_all_failed, test_mse_and_failures_other_inputs
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    kept = [error for ok, error in results if ok]
    return (sum(kept) / len(kept) if kept else float("nan")), len(kept)
