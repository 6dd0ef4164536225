"""Takes the root of the mean squared error.

Fails: test_mse_and_failures, test_mse_and_failures_other_inputs
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    kept = [error for ok, error in results if ok]
    mse = np.sqrt(np.mean(kept)) if kept else float("nan")
    return mse, len(results) - len(kept)
