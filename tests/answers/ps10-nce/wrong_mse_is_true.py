"""Asks whether ok is True itself: NumPy's booleans never are, and every run fails.

Fails: test_mse_and_failures_other_inputs
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    kept = [error for ok, error in results if ok is True]
    mse = sum(kept) / len(kept) if kept else float("nan")
    return mse, len(results) - len(kept)
