"""Run the notebooks of the bank of answers in this process or in a few workers.

A kernel takes three seconds to start and import; here the imports are paid once a worker.  The
sample class runs in real kernels, under nbgrader.
"""

import functools
import gc
import os
import signal
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import build
import sample_class

# Of the processor's time, so that a busy machine fails nobody.
SECONDS_PER_CELL = 8
# What an answer called "endless" gets: more would end no sooner.
SECONDS_OF_ENDLESS = 3


class CellTimeout(BaseException):
    """A cell ran too long.  Not an Exception, so that a student's ``except`` lets it through."""


def run(notebook, *, until_failure=False, seconds=None, limit=SECONDS_PER_CELL):
    """Run the code cells of a notebook in order; return {check: error message or None}.

    A dict ``seconds`` is filled with the processor time of each check; ``limit`` is the most that a
    cell may take, in seconds of processor time.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # no history file in the user's folder
    config.InteractiveShell.xmode = "Minimal"  # nobody reads the tracebacks; they take time
    # A new namespace, with `In` and `Out` as in a kernel.
    shell = InteractiveShell(config=config)
    verdicts = {}

    def out_of_time(signum, frame):
        raise CellTimeout(f"the cell ran for more than {limit} seconds")

    before = signal.signal(signal.SIGPROF, out_of_time)
    try:
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            meta = cell.metadata.get("nbgrader", {})
            signal.setitimer(signal.ITIMER_PROF, limit)
            began = time.process_time()
            with capture_output():
                result = shell.run_cell(cell.source, store_history=True)
            signal.setitimer(signal.ITIMER_PROF, 0)
            error = result.error_before_exec or result.error_in_exec
            if meta.get("grade"):
                # It would stand below the check, and nbgrader takes a number there for the points.
                if error is None and result.result is not None:
                    error = ValueError(f"the check shows {result.result!r}")
                if seconds is not None:
                    seconds[meta["grade_id"]] = time.process_time() - began
                verdicts[meta["grade_id"]] = (
                    None if error is None else f"{type(error).__name__}: {error}"
                )
                if error is not None and until_failure:
                    break
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        # IPython keeps every shell until the process ends; what the cells made may go.
        shell.user_ns.clear()
    return verdicts


def affected(notebook, changed):
    """Drop what the changed functions cannot touch: checks before them, and the final figure."""
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    graded = [bool(cell.metadata.get("nbgrader", {}).get("grade")) for cell in notebook.cells]
    first = min(names.index(name) for name in changed)
    last = max(i for i, is_graded in enumerate(graded) if is_graded)
    notebook.cells = [
        cell for i, cell in enumerate(notebook.cells) if i <= last and (i >= first or not graded[i])
    ]
    return notebook


@functools.cache
def master(assignment):
    """Return the source notebook of an assignment."""
    return build.build_notebook(build.masters()[assignment])[1]


def own_part(notebook, function):
    """Keep the cells up to a function's own checks, and of the checks only its own.

    Cells for the student's own use are left out: nothing depends on them.
    """
    cells, current = [], None
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and not meta.get("grade"):
            if current == function:
                break
            current = meta["grade_id"]
        if cell.cell_type == "code" and meta and (not meta.get("grade") or current == function):
            cells.append(cell)
    notebook.cells = cells
    return notebook


def run_apart(notebook, **options):
    """Run a notebook in a folder of its own."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return run(notebook, **options)
        finally:
            os.chdir(here)


def run_answer(path):
    """Return {check: error message or None} for an answer laid over the model solutions."""
    answer = sample_class.read_answer(path)
    notebook = sample_class.submission(master(path.parent.name), {}, [answer])
    limit = SECONDS_OF_ENDLESS if path.stem == "endless" else SECONDS_PER_CELL
    return run_apart(affected(notebook, answer), limit=limit)


def prepare():
    """Pay for the imports once a worker, outside the time of any cell."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot  # noqa: F401
    import scipy.optimize
    import scipy.stats  # noqa: F401

    import mixcore.datasets
    import mixcore.plotting  # noqa: F401

    # A quarter of the time of small answers went into looking for garbage among what stays.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)


def run_all(tasks, workers=2, run=run_answer):
    """Return the verdicts of many answers, or of other tasks, as {task: verdicts}."""
    with ProcessPoolExecutor(workers, mp_context=get_context("fork"), initializer=prepare) as pool:
        return dict(zip(tasks, pool.map(run, tasks), strict=True))
