"""The full study of noise-contrastive estimation, in seconds."""

import json

from benchmarks.measure import Case, Measured, fresh, require

STUDY = """
import json, sys, time
import numpy as np
from mixcore import nce_study

sizes, repeats, workers = json.loads(sys.argv[1])
start = time.perf_counter()
study = nce_study(sizes, repeats, workers=workers, rng=np.random.default_rng(0), progress=False)
seconds = time.perf_counter() - start
gap = np.abs(np.log(study.mse[:, -1] / study.theory_mse[:, -1])) / study.log_mse_errors[:, -1]
print(json.dumps([seconds, study.squared_errors.tolist(), float(gap.max())]))
"""


def study(sizes, repeats, workers):
    """Run the study in a fresh interpreter, with one BLAS thread a worker."""
    arguments = json.dumps([sizes, repeats, workers])
    return json.loads(fresh(STUDY, arguments, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"))


def full(sizes, repeats, rounds):
    """Time the study; one and two workers must find the same, and the error what theory says."""
    few = (sizes[:2], 3)
    require(study(*few, 1)[1] == study(*few, 2)[1], "two workers do not find what one finds")
    seconds = []
    for _ in range(rounds):
        spent, _, gap = study(sizes, repeats, 2)
        seconds.append(spent)
        require(gap < 5, f"the error at the largest size is {gap:.1f} standard errors off theory")
    return Measured(
        seconds,
        None,
        "as with one worker; the error at the largest size is within 5 standard errors of theory",
    )


def nce(quick):
    """Both variants at every size."""
    sizes, repeats = ([100, 300], 5) if quick else ([100, 500, 1_000, 2_000, 3_000, 5_000], 50)
    yield Case(
        f"nce-{2 * len(sizes) * repeats}",
        f"NCE study, {2 * len(sizes) * repeats} fits, 2 workers",
        None,
        ("ours", "<=", 20),
        lambda: full(sizes, repeats, rounds=1 if quick else 2),
    )
