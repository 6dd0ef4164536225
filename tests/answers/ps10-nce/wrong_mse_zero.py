"""The error is 0 when every run failed.

Fails: test_mse_and_failures_all_failed
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    kept = [error for ok, error in results if ok]
    return sum(kept) / max(len(kept), 1), len(results) - len(kept)
