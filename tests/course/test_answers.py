"""Every answer of the bank fails exactly the checks that its docstring names."""

import pytest

import bank
from test_sample_class import ANSWERS, fails


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
