"""Checks stand alone, count exactly, are quick, and say what came in every kind of wrong answer."""

import pytest

import bank
import build
import grade
import sample_class
import variants
from test_sample_class import check_points

FUNCTIONS = [
    (assignment, function)
    for assignment in build.masters()
    for function in sample_class.model_solutions(assignment)[1]
]
WRONG = [(*names, kind) for names in FUNCTIONS for kind in variants.WRONG_KINDS]
LONGEST = 600  # characters a student will read
MOST_SECONDS = 10  # of processor time, for all checks of an assignment


def name_of(task):
    return "/".join(task)


def own_checks(assignment, function):
    functions = [f for a, f in FUNCTIONS if a == assignment]
    return {c for c in check_points(assignment) if grade.owner(c, functions) == function}


def found_by(run, test):
    """Return a fixture with the results of ``run`` for the chosen items of a test."""

    @pytest.fixture(scope="module")
    def results(request):
        chosen = [
            item.callspec.params["task"]
            for item in request.session.items
            if getattr(item, "originalname", None) == test
        ]
        return bank.run_all(chosen, run=run)

    return results


alone = found_by(variants.run_alone, "test_one_function_alone_gets_exactly_its_points")
check_seconds = found_by(variants.check_seconds, "test_the_checks_of_an_assignment_are_quick")
wrong_kinds = found_by(variants.run_wrong_kind, "test_a_wrong_kind_of_answer_is_named")


@pytest.mark.slow
@pytest.mark.parametrize("task", FUNCTIONS, ids=name_of)
def test_one_function_alone_gets_exactly_its_points(task, alone):
    passed = {check for check, message in alone[task].items() if message is None}
    own = own_checks(*task)
    assert passed == own, {check: alone[task][check] for check in own - passed}


@pytest.mark.slow
@pytest.mark.parametrize("task", WRONG, ids=name_of)
def test_a_wrong_kind_of_answer_is_named(task, wrong_kinds):
    assignment, function, kind = task
    verdicts = wrong_kinds[task]
    assert set(verdicts) == own_checks(assignment, function)
    for check, message in verdicts.items():
        assert message is not None, f"{check} passes"
        assert message.startswith("AssertionError"), f"{check}: {message}"
        for word in variants.WRONG_KINDS[kind][1]:
            assert word.lower() in message.lower(), f"{check} does not say {word!r}: {message}"
        assert len(message) < LONGEST, f"{check}: {message}"


@pytest.mark.slow
@pytest.mark.parametrize("task", build.masters())
def test_the_checks_of_an_assignment_are_quick(task, check_seconds):
    assert sum(check_seconds[task].values()) < MOST_SECONDS, check_seconds[task]
