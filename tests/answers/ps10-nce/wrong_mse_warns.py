"""Averages an empty list when every run failed: nan, but with a warning.

Fails: test_mse_and_failures_all_failed
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    kept = [error for ok, error in results if ok]
    return np.mean(kept), len(results) - len(kept)
