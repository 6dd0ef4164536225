"""The engine says of the course's answers what a run in one process says, to the last word."""

import re

import numpy as np
import pytest

import bank
import build
import sample_class

pytestmark = pytest.mark.slow

# Wall time here, processor time in the other run: a busy machine must not make a difference.
LIMITS = {"cell_seconds": 120, "notebook_seconds": 600}
WRONG, RIGHT = 6, 2


def chosen(assignment, kind, number):
    """Return answers of a kind, evenly spread over their names.

    Without those that draw differently in every run: their messages name other numbers.
    """
    paths = sorted((sample_class.ANSWERS / assignment).glob(f"{kind}_*.py"))
    paths = [path for path in paths if "default_rng()" not in path.read_text(encoding="utf-8")]
    return [sample_class.read_answer(paths[i * len(paths) // number]) for i in range(number)]


def together(answers):
    """Join answers to different functions: fewer notebooks say as much."""
    joined = []
    for answer in answers:
        free = (other for other in joined if not other.keys() & answer.keys())
        if (room := next(free, None)) is not None:
            room.update(answer)
        else:
            joined.append(dict(answer))
    return joined


def graded(grader, assignment, answer, *, whole=False):
    """Return the notebook with an answer, and what the engine says of it: {check: message}."""
    notebook, source = (
        sample_class.submission(bank.master(assignment), {}, [a]) for a in (answer, {})
    )
    if not whole:
        notebook, source = (bank.affected(part, answer) for part in (notebook, source))
    outcome = grader.grade(notebook, source)
    assert outcome["incidents"] == []
    assert all((c["kind"] == "passed") == (c["message"] == "") for c in outcome["checks"])
    return notebook, {check["grade_id"]: check["message"] for check in outcome["checks"]}


def without_addresses(text):
    return re.sub(r"0x[0-9a-f]+", "0x...", text)


@pytest.mark.parametrize("assignment", build.masters())
def test_right_answers_pass(grader, assignment):
    # That they pass in one process is the matter of tests/course/test_answers.py.
    _, messages = graded(
        grader, assignment, sample_class.model_solutions(assignment)[1], whole=True
    )
    assert set(messages.values()) == {""}
    for answer in chosen(assignment, "right", RIGHT):
        _, messages = graded(grader, assignment, answer)
        assert set(messages.values()) == {""}


@pytest.mark.parametrize("assignment", build.masters())
def test_wrong_answers_hear_the_same(grader, assignment):
    for answer in together(chosen(assignment, "wrong", WRONG)):
        notebook, messages = graded(grader, assignment, answer)
        np.random.seed(0)  # noqa: NPY002 - as a kernel begins
        expected = {
            name: (message or "").removeprefix("AssertionError: ")
            for name, message in bank.run_apart(notebook).items()
        }
        assert any(expected.values())
        for name, message in expected.items():
            assert without_addresses(messages.pop(name)) == without_addresses(message), name
        assert messages == {}
