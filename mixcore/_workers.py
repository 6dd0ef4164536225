"""Runs of a study, in one process or in several, with a progress bar."""

import contextlib
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


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
def outcomes_of(run, tasks, workers):
    """Yield an iterator over ``run(task)`` in the order of the tasks."""
    if workers == 1:
        with _one_thread_here():
            yield map(run, tasks)
        return
    # Fresh processes: forking one that runs threads may hang.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        with _one_thread_each():
            outcomes = pool.map(run, tasks)
        yield outcomes
    finally:
        pool.shutdown(cancel_futures=True)


def with_progress_bar(outcomes, total, shown, *, name, unit):
    """Return the iterator, with a progress bar on stderr where one is wanted and can be had."""
    if not shown:
        return outcomes
    try:
        from tqdm import tqdm
    except ImportError:  # a course without the bar is still a course
        return outcomes
    return tqdm(outcomes, total=total, desc=name, unit=unit)
