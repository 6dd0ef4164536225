"""Run the checks of one function on a mutant."""

import resource
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import bank
import sample_class

# A mutant may ask for an array without end.  Address space, not memory: generous.
ADDRESS_SPACE = 8 * 2**30


def verdict(task):
    """Return the first check that fails on a source of a function, or None if all pass."""
    assignment, function, source = task
    notebook = sample_class.submission(bank.master(assignment), {}, [{function: source}])
    try:
        verdicts = bank.run_apart(bank.own_part(notebook, function), until_failure=True)
    except (MemoryError, bank.CellTimeout) as error:  # the limit struck between two cells
        return type(error).__name__
    return next((check for check, message in verdicts.items() if message is not None), None)


def _prepare():
    bank.prepare()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def verdicts(tasks, workers):
    """Yield the verdicts in the order of the tasks.

    The parent runs no notebook itself: the data sets start threads, which a fork does not survive.
    """
    context = get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare) as pool:
        yield from pool.map(verdict, tasks)
