"""Run the checks of one function on a mutant."""

import multiprocessing
import resource

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
    except MemoryError:
        return "MemoryError"
    return next((check for check, message in verdicts.items() if message is not None), None)


def _prepare():
    bank.prepare()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def verdicts(tasks, workers):
    """Yield the verdicts in the order of the tasks."""
    context = multiprocessing.get_context("fork")
    # A fresh process now and then: what a mutant leaves behind must not gather.
    with context.Pool(workers, initializer=_prepare, maxtasksperchild=200) as pool:
        yield from pool.imap(verdict, tasks)
