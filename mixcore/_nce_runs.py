"""The runs of the study of noise-contrastive estimation, in one process or in several."""

import contextlib
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from scipy.spatial.distance import cdist

from mixcore._validation import as_points
from mixcore.noise_contrastive import fit_nce

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def closest_error(estimate, truth):
    r"""Compare estimated means with the closest true ones.

    Parameters
    ----------
    estimate, truth : array_like, shape (k, d), or (k,) when d = 1
        Estimated and true means.

    Returns
    -------
    ok : bool
        False when two estimates lie closest to the same true mean.
    squared_error : float
        :math:`\sum_k \min_l \lVert \hat\mu_k - \mu_l \rVert^2`, in squared units of the means,
        whether ok or not.

    Raises
    ------
    ValueError
        If the shapes differ or a value is NaN or infinite.

    References
    ----------
    :func:`mixcore.matched_error` is the error under the best matching, which never fails; where ok
    is True the two are equal.

    Examples
    --------
    >>> closest_error([[3.0], [0.5]], [[0.0], [3.0]])
    (True, 0.25)
    >>> closest_error([[1.0], [0.5]], [[0.0], [3.0]])
    (False, 1.25)
    """
    estimate = as_points(estimate, name="estimate")
    truth = as_points(truth, name="truth")
    if estimate.shape != truth.shape:
        raise ValueError(
            f"estimate has shape {estimate.shape} and truth {truth.shape}; "
            "both must be (k, d) with the same k and d"
        )
    distances = cdist(estimate, truth, "sqeuclidean")  # (k, k), rows are estimates
    closest = distances.argmin(axis=1)
    return len(np.unique(closest)) == len(truth), float(distances.min(axis=1).sum())


def run_once(task):
    """Fit every variant to one draw; return the squared errors, failed and unconverged."""
    rng, size, truth, noise, variants, start_range = task
    x, _ = truth.sample(size, rng)
    y = noise.sample(size, rng)
    y = y[0] if isinstance(y, tuple) else y
    start = rng.uniform(*start_range, size=truth.means.shape)  # (k, d)
    log_z = np.log(rng.uniform(0.1, 1.0))
    outcomes = []
    for unknown_z in variants:
        result = fit_nce(
            x,
            noise,
            noise_points=y,
            start=start,
            unknown_z=unknown_z,
            log_z=log_z if unknown_z else None,
        )
        ok, squared_error = closest_error(result.means, truth.means)
        outcomes.append((squared_error, not (ok and result.converged), not result.converged))
    return tuple(np.array(part) for part in zip(*outcomes, strict=True))  # three of shape (v,)


def _one_thread_here():
    """Let this process use one BLAS thread, if threadpoolctl is installed: arrays are small."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return contextlib.nullcontext()
    return threadpool_limits(limits=1, user_api="blas")


@contextlib.contextmanager
def _one_thread_each():
    """Let processes that start meanwhile use one BLAS thread: they share the cores already."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def outcomes_of(tasks, workers):
    """Yield an iterator over the outcomes of the runs, in the order of the tasks."""
    if workers == 1:
        with _one_thread_here():
            yield map(run_once, tasks)
        return
    # Fresh processes: forking one that runs threads may hang.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        with _one_thread_each():
            outcomes = pool.map(run_once, tasks)
        yield outcomes
    finally:
        pool.shutdown(cancel_futures=True)


def with_progress_bar(outcomes, total, shown):
    """Return the iterator, with a progress bar on stderr where one is wanted and can be had."""
    if not shown:
        return outcomes
    try:
        from tqdm import tqdm
    except ImportError:  # a course without the bar is still a course
        return outcomes
    return tqdm(outcomes, total=total, desc="NCE study", unit="run")
