"""Failed runs are multiplied by 0, which leaves nan where their error is infinite.

Fails: test_mse_and_failures_other_inputs
"""


# %% solution="mse_and_failures"
def mse_and_failures(results):
    ok, errors = np.array(results, dtype=float).T
    if ok.sum() == 0:
        return float("nan"), len(results)
    return (ok * errors).sum() / ok.sum(), int((1 - ok).sum())
