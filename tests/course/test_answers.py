"""Every answer of the bank fails exactly the checks that its docstring names."""

from collections import Counter

import pytest

import bank
import build
import sample_class
from test_sample_class import ANSWERS, fails

LEAST = {"wrong": 3, "right": 2}


@pytest.fixture(scope="module")
def verdicts(request):
    """Return the verdicts on the answers that are asked for, found side by side."""
    chosen = [
        item.callspec.params["path"]
        for item in request.session.items
        if getattr(item, "function", None) is test_answer_fails_exactly_the_named_checks
    ]
    return bank.run_all(chosen)


@pytest.mark.slow
@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_answer_fails_exactly_the_named_checks(path, verdicts):
    found = {check: message for check, message in verdicts[path].items() if message is not None}
    assert set(found) == fails(path), found


def test_every_function_has_enough_wrong_and_right_answers():
    found = Counter(
        (path.parent.name, function, path.stem.split("_")[0])
        for path in ANSWERS
        for function in sample_class.read_answer(path)
    )
    short = {
        f"{assignment}/{function}": f"{found[assignment, function, kind]} {kind}"
        for assignment in build.masters()
        for function in sample_class.model_solutions(assignment)[1]
        for kind, least in LEAST.items()
        if found[assignment, function, kind] < least
    }
    assert not short
