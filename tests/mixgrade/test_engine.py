"""Whatever a submission does, every check gets its verdict, and what was earned stays.

The notebooks are small ones of three functions; ``test_parity.py`` grades those of the course.
"""

import copy
import json
import textwrap

import nbformat
import pytest

from mixgrade.engine import Grader, not_run
from mixgrade.kernel import KernelStopped

LIMITS = {
    "cell_seconds": 3,
    "notebook_seconds": 60,
    "memory_bytes": 400 << 20,
    "output_bytes": 100_000,
}
SOLUTIONS = {
    "first": "def first(x):\n    return x + 1",
    "second": "def second(x):\n    return 2 * first(x)",
    "third": "def third(x):\n    return second(x) ** 2",
}
CHECKS = {
    "test_first": (1, "same(first(1), 2)"),
    "test_first_arrays": (2, "same(first(np.arange(2)).tolist(), [1, 2])"),
    "test_second": (1, "same(second(1), 4)"),
    "test_second_with_first": (2, "same(second(3), 2 * first(3))"),
    "test_third": (3, "same(third(1), 16)"),
}
GIVEN = {
    "imports": "import numpy as np",
    "helpers": 'def same(value, expected):\n    assert value == expected, f"came {value}"',
}
TOTAL = 9


def cell(name, code, **meta):
    made = nbformat.v4.new_code_cell(code, id=name.replace("_", "-"))
    if meta:
        made.metadata.nbgrader = {"grade_id": name, "schema_version": 3, "task": False} | meta
    return made


def notebook(solutions=SOLUTIONS, own=(), given=GIVEN, checks=CHECKS):
    """Return a notebook; ``own`` maps the name of a cell to one of the student's after it."""
    cells = [nbformat.v4.new_markdown_cell("# Title", id="title")]
    cells += [cell(n, c, locked=True, grade=False, solution=False) for n, c in given.items()]
    for function, code in solutions.items():
        cells.append(cell(function, code, locked=False, grade=False, solution=True))
        for name, (points, check) in checks.items():
            if name.startswith(f"test_{function}"):
                meta = {"locked": True, "grade": True, "solution": False, "points": points}
                cells.append(cell(name, check, **meta))
    for name, code in dict(own).items():
        place = next(i for i, c in enumerate(cells) if c.id == name.replace("_", "-"))
        cells.insert(place + 1, cell(f"own {name}".replace(" ", "-"), textwrap.dedent(code)))
    return nbformat.v4.new_notebook(cells=cells)


def well_formed(outcome, total=TOTAL):
    """Check what every outcome has; return {check: (score, kind, message)}."""
    nbformat.validate(nbformat.from_dict(json.loads(json.dumps(outcome["notebook"]))))
    json.dumps(outcome)
    assert sum(check["points"] for check in outcome["checks"]) == total
    assert 0 <= outcome["engine_seconds"] <= outcome["seconds"]
    assert set(outcome["versions"]) == {"mixgrade", "nbgrader", "python", "numpy"}
    assert {i["kind"] for i in outcome["incidents"]} <= {
        "timeout", "memory", "died", "output", "denied",
    }  # fmt: skip
    cells = {
        c["metadata"]["nbgrader"]["grade_id"]: c
        for c in outcome["notebook"]["cells"]
        if "nbgrader" in c["metadata"]
    }
    for check in outcome["checks"]:
        passed = check["kind"] == "passed"
        assert check["score"] == (check["points"] if passed else 0)
        assert bool(check["message"]) != passed
        outputs = cells[check["grade_id"]]["outputs"]
        assert [out["output_type"] for out in outputs] == ([] if passed else ["error"])
        assert all(out["evalue"] == check["message"] for out in outputs)
    return {c["grade_id"]: (c["score"], c["kind"], c["message"]) for c in outcome["checks"]}


@pytest.fixture
def grade(grader):
    """Grade a submission that differs from the solutions; return its scores, and the outcome."""

    def run(solutions=(), own=(), **source):
        handed_in = notebook(SOLUTIONS | dict(solutions), own, **source)
        outcome = grader.grade(handed_in, notebook(**source))
        return well_formed(outcome), outcome

    return run


def points(scores):
    return sum(score for score, _, _ in scores.values())


def kinds(scores):
    return {name: kind for name, (_, kind, _) in scores.items() if kind != "passed"}


def incidents(outcome):
    return [(incident["kind"], incident["cell"]) for incident in outcome["incidents"]]


def outputs_of(outcome, name):
    return next(c for c in outcome["notebook"]["cells"] if c["id"] == name)["outputs"]


class TestNotRun:
    def test_every_check_gets_the_reason(self):
        source = notebook()
        before = copy.deepcopy(source)
        outcome = not_run(notebook(dict.fromkeys(SOLUTIONS, "")), source, "it is not JSON.")
        scores = well_formed(outcome)
        assert set(scores) == set(CHECKS)
        assert {score[1:] for score in scores.values()} == {("not run", "it is not JSON.")}
        assert outcome["isolation"] == "none"
        assert source == before


@pytest.mark.slow
class TestHonest:
    def test_all_right(self, grade, grader):
        scores, outcome = grade()
        assert points(scores) == TOTAL
        assert outcome["incidents"] == []
        assert outcome["isolation"] == grader.isolation
        check = outcome["checks"][1]
        assert check["title"] == "first: arrays"
        assert check["function"] == "first"

    def test_inputs_stay_as_they_are(self, grader):
        handed_in, source = notebook(), notebook()
        grader.grade(handed_in, source)
        assert handed_in == notebook()
        assert source == notebook()

    def test_one_wrong(self, grade):
        scores, _ = grade({"first": "def first(x):\n    return x"})
        assert scores["test_first"] == (0, "failed", "came 1")
        assert kinds(scores).keys() == {
            "test_first", "test_first_arrays", "test_second", "test_third",
        }  # fmt: skip

    def test_nothing_answered(self, grade):
        stub = "def {0}(x):\n    raise NotImplementedError()"
        scores, _ = grade({name: stub.format(name) for name in SOLUTIONS})
        assert points(scores) == 0
        assert scores["test_first"][2] == "NotImplementedError: "

    def test_empty_cells(self, grade):
        scores, outcome = grade(dict.fromkeys(SOLUTIONS, " \n"))
        assert points(scores) == 0
        assert set(kinds(scores).values()) == {"failed"}
        assert outcome["incidents"] == []

    def test_the_error_of_a_cell_is_named(self, grade):
        scores, outcome = grade({"first": "def first(x):\n    return x +", "second": "1 / 0"})
        assert scores["test_first"][2].startswith("first is not there: its cell raised SyntaxError")
        assert scores["test_second"][2] == (
            "second is not there: its cell raised ZeroDivisionError: division by zero"
        )
        assert outputs_of(outcome, "second")[-1]["ename"] == "ZeroDivisionError"
        assert outcome["incidents"] == []

    def test_errors_of_own_cells_cost_nothing(self, grade):
        scores, outcome = grade(own={"first": "first(1, 2)", "title": "%absent_magic\n!absent"})
        assert points(scores) == TOTAL
        assert outputs_of(outcome, "own-first")[0]["ename"] == "TypeError"

    def test_prints_and_warnings_cost_nothing(self, grade):
        code = """\
import sys, warnings
def first(x):
    print("asked"); print("asked", file=sys.stderr); warnings.warn("asked")
    return x + 1
print("kept"); first(1)"""
        scores, outcome = grade({"first": code})
        assert points(scores) == TOTAL
        texts = {out["name"]: out["text"] for out in outputs_of(outcome, "first")[:2]}
        assert texts["stdout"].startswith("kept\nasked")
        assert "UserWarning" in str(outputs_of(outcome, "first"))

    def test_figures_are_kept_and_pages_are_not(self, grade):
        own = """
            import matplotlib.pyplot as plt
            from IPython.display import HTML, display
            plt.plot([1, 2])
            plt.show()
            display(HTML("<script>alert(1)</script>"))
        """
        _, outcome = grade(own={"first": own})
        figure, page = outputs_of(outcome, "own-first")
        assert figure["data"]["image/png"].startswith("iVBOR")
        assert set(page["data"]) == {"text/plain"}

    def test_many_displays_come_to_an_end(self, grade, grader, monkeypatch):
        monkeypatch.setattr(grader.sandbox, "cell_seconds", 30)
        own = "from IPython.display import display\nfor n in range(3000):\n    display(n)"
        scores, outcome = grade(own={"first": own})
        assert points(scores) == TOTAL
        assert incidents(outcome) == []

    def test_twice_the_same(self, grade):
        code = """\
import random
def first(x):
    return np.random.normal() + random.random() + hash("text")"""
        first, second = (grade({"first": code})[1] for _ in range(2))
        for outcome in (first, second):
            for check in outcome["checks"]:
                check.pop("seconds")
        assert first["checks"] == second["checks"]
        assert first["notebook"] == second["notebook"]

    def test_a_submission_knows_nothing_of_the_one_before(self, grade):
        grade(own={"first": "import builtins; builtins.left = 1; open('left', 'w').close()"})
        own = "import os, builtins\nprint(hasattr(builtins, 'left'), 'left' in os.listdir())"
        _, outcome = grade(own={"first": own})
        assert outputs_of(outcome, "own-first")[0]["text"] == "False False\n"


@pytest.mark.slow
class TestFunctionsThatEndTheKernel:
    @pytest.mark.parametrize(
        ("body", "kind", "reason"),
        [
            ("import os; os._exit(3)", "died", "it ended the kernel (exit code 3)"),
            ("while True: pass", "timeout", "it did not return within 3 s"),
            ("bytearray(1 << 30)", "memory", None),
            (
                """import time
    while True:
        try: time.sleep(9)
        except KeyboardInterrupt: pass""",
                "timeout",
                "it did not return within 3 s",
            ),
        ],
        ids=["exit", "loop", "memory", "no interrupt"],
    )
    def test_its_checks_get_nothing_and_the_rest_is_graded(self, grade, body, kind, reason):
        code = f"def second(x):\n    {body}\n    return 2 * first(x)"
        scores, outcome = grade({"second": code, "third": "def third(x):\n    return 16"})
        assert {name: score[0] for name, score in scores.items()} == {
            "test_first": 1, "test_first_arrays": 2, "test_second": 0,
            "test_second_with_first": 0, "test_third": 3,
        }  # fmt: skip
        if kind == "memory":  # or the operating system refuses it: then it is an error like others
            assert "MemoryError" in scores["test_second"][2] or scores["test_second"][1] == kind
            return
        assert scores["test_second"][1:] == (kind, f"second was stopped: {reason}.")
        assert scores["test_second_with_first"][1:] == (
            "not run",
            f"second was stopped before: second was stopped: {reason}.",
        )
        assert incidents(outcome) == [(kind, "test_second")]

    def test_points_that_were_earned_stay(self, grade):
        code = """\
def first(x):
    if isinstance(x, np.ndarray):
        import os
        os._exit(9)
    return x + 1"""
        scores, _ = grade({"first": code})
        assert scores["test_first"] == (1, "passed", "")
        assert scores["test_first_arrays"][1] == "died"

    def test_functions_that_call_it_hear_the_reason(self, grade):
        code = "def second(x):\n    import os; os._exit(0)"
        scores, outcome = grade({"second": code})
        assert scores["test_third"][:2] == (0, "failed")
        assert "second was stopped: it ended the kernel (exit code 0)" in scores["test_third"][2]
        assert len(outcome["incidents"]) == 1

    def test_a_helper_that_the_check_calls_is_the_guilty_one(self, grade):
        checks = CHECKS | {"test_third": (3, "same(third(1), first('stop'))")}
        code = "import os\ndef first(x):\n    return os._exit(0) if str(x) == 'stop' else x + 1"
        scores, outcome = grade({"first": code}, checks=checks)
        assert incidents(outcome) == [("died", "test_third")]
        # The check has run once more without it.
        assert scores["test_third"][1] == "failed"
        assert scores["test_third"][2].startswith("RuntimeError: first was stopped: it ended")
        assert points(scores) == 6

    def test_a_check_of_many_calls_blames_no_function(self, grade):
        checks = CHECKS | {"test_first": (1, "for _ in range(1000): first(1)")}
        code = "import time\ndef first(x):\n    time.sleep(0.05)\n    return x + 1"
        scores, outcome = grade({"first": code}, checks=checks)
        assert scores["test_first"][1:] == (
            "timeout",
            "the check was stopped: its calls took more than 3 s together.",
        )
        assert points(scores) == TOTAL - 1
        assert incidents(outcome) == [("timeout", "test_first")]

    def test_every_function_ends_the_kernel(self, grade):
        code = "def {0}(x):\n    import os; os._exit(0)"
        scores, outcome = grade({name: code.format(name) for name in SOLUTIONS})
        assert points(scores) == 0
        assert len(outcome["incidents"]) == 3

    def test_a_result_that_is_too_large(self, grade):
        code = "def first(x):\n    return [0] * 10**6 if np.ndim(x) else x + 1"
        scores, _ = grade({"first": code})
        assert "too large to be looked at" in scores["test_first_arrays"][2]
        assert points(scores) == TOTAL - 2


@pytest.mark.slow
class TestCellsThatEndTheKernel:
    @pytest.mark.parametrize("place", ["title", "first", "test_second"])
    @pytest.mark.parametrize(
        ("code", "kind"),
        [("import os; os._exit(1)", "died"), ("while True: pass", "timeout")],
        ids=["exit", "loop"],
    )
    def test_own_cells_cost_nothing(self, grade, place, code, kind):
        scores, outcome = grade(own={place: f"before = 1\n{code}"})
        assert points(scores) == TOTAL
        name = f"own-{place.replace('_', '-')}"
        assert incidents(outcome) == [(kind, name)]
        assert outputs_of(outcome, name)[-1]["ename"] == kind.title()

    def test_the_last_cell(self, grade):
        scores, outcome = grade(own={"test_third": "import os; os._exit(1)"})
        assert points(scores) == TOTAL
        assert incidents(outcome) == [("died", "own-test-third")]

    def test_the_cell_of_a_function(self, grade):
        scores, outcome = grade({"first": SOLUTIONS["first"] + "\nimport os; os._exit(1)"})
        assert scores["test_first"][2] == (
            "first is not there: its cell was stopped: it ended the kernel (exit code 1)"
        )
        assert incidents(outcome) == [("died", "first")]

    def test_a_loop_below_a_function(self, grade):
        endless = "\nfound = 5\nwhile True: pass"
        end = "def second(x):\n    import os; os._exit(1)"
        third = "def third(x):\n    return 15 + first(0)"
        scores, _ = grade({"first": SOLUTIONS["first"] + endless, "second": end, "third": third})
        # The function is there, also in the kernel that follows; the loop is not run again.
        assert kinds(scores) == {"test_second": "died", "test_second_with_first": "not run"}

    def test_state_is_brought_back(self, grade):
        own = {
            "title": "base = [10]\nimport math",
            "first": "base.append(first(20))",
            "test_first_arrays": "raise ValueError('as before')",
        }
        second = "def second(x):\n    import os; os._exit(1)"
        third = "def third(x):\n    return sum(base) - 31 + math.isqrt(256)"
        scores, outcome = grade({"second": second, "third": third}, own)
        assert scores["test_third"] == (3, "passed", "")
        assert len(outcome["incidents"]) == 1

    def test_a_cell_that_ends_the_kernel_when_it_runs_again(self, grade, grader, monkeypatch):
        from mixgrade import kernel

        def run_cell(self, code, seconds):
            count[code] = count.get(code, 0) + 1
            code = "import os; os._exit(1)" if code == own and count[code] > 1 else code
            return run(self, code, seconds)

        own, count, run = "x = 'a cell that depends on the clock'", {}, kernel.Kernel.run_cell
        monkeypatch.setattr(kernel.Kernel, "run_cell", run_cell)
        solutions = {
            "second": "def second(x):\n    import os; os._exit(1)",
            "third": "def third(x):\n    return 16",
        }
        scores, outcome = grade(solutions, own={"first": own})
        assert points(scores) == 6
        assert incidents(outcome) == [("died", "test_second"), ("died", "")]
        assert count[own] == 2

    def test_memory(self, grade):
        code = "kept = [bytearray(b'x' * (1 << 20)) for _ in range(3000)]"
        scores, outcome = grade(own={"first": code})
        assert points(scores) == TOTAL
        assert outputs_of(outcome, "own-first")[-1]["ename"] in ("Memory", "MemoryError")


@pytest.mark.slow
class TestLimits:
    def test_outputs_are_cut_with_a_notice(self, grade):
        scores, outcome = grade(own={"first": "for _ in range(5000): print('much' * 10)"})
        assert points(scores) == TOTAL
        assert incidents(outcome) == [("output", "own-first")]
        text = "".join(out["text"] for out in outputs_of(outcome, "own-first"))
        assert text.endswith("[output cut: more than 100,000 bytes]\n")
        assert 100_000 <= len(text) < 100_100

    def test_what_the_system_refuses_is_an_incident(self, grade):
        own = "open('/usr/absent', 'w')"
        _, outcome = grade(own={"first": own})
        assert incidents(outcome) == [("denied", "own-first")]
        assert "Read-only file system" in outcome["incidents"][0]["text"]

    def test_the_time_of_a_notebook(self, grader):
        sleep = "import time\ntime.sleep(2.5)"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(grader.sandbox, "notebook_seconds", 5)
            own = {"first": sleep, "test_first_arrays": sleep, "test_second": sleep}
            outcome = grader.grade(notebook(own=own), notebook())
        scores = well_formed(outcome)
        assert points(scores) == 3
        reason = "the notebook was stopped: it ran for more than 5 s."
        assert scores["test_third"][1:] == ("not run", reason)
        assert outputs_of(outcome, "third")[0]["evalue"] == "not run: the notebook's time was over"
        assert incidents(outcome) == [("timeout", "own-test-first-arrays")]


@pytest.mark.slow
class TestRulesAboutCode:
    CHECKS = CHECKS | {
        "test_first": (
            1,
            "found = [c for c in In if c.startswith('def first')]\n"
            "assert found and 'for' not in found[-1].split(), found[-1]",
        )
    }

    def test_the_submitted_cell_is_read(self, grade):
        loop = "def first(x):\n    for _ in [1]: x = x + 1\n    return x"
        scores, _ = grade({"first": loop}, checks=self.CHECKS)
        assert kinds(scores) == {"test_first": "failed"}

    def test_what_the_kernel_says_of_it_is_not(self, grade):
        loop = "def first(x):\n    for _ in [1]: x = x + 1\n    return x\n"
        trick = "In[:] = ['def first(x): return x + 1'] * len(In)\nfirst.__name__ = 'other'"
        scores, _ = grade({"first": loop + trick}, own={"first": trick}, checks=self.CHECKS)
        assert kinds(scores) == {"test_first": "failed"}

    def test_a_later_cell_counts(self, grade):
        loop = "def first(x):\n    for _ in [1]: x = x + 1\n    return x"
        scores, _ = grade(own={"first": loop}, checks=self.CHECKS)
        assert kinds(scores) == {"test_first": "failed"}

    def test_it_is_also_read_after_the_kernel_has_ended(self, grade):
        scores, _ = grade(own={"first": "import os; os._exit(0)"}, checks=self.CHECKS)
        assert points(scores) == TOTAL


@pytest.mark.slow
class TestGrader:
    def test_checks_before_any_function(self, grader):
        checks = {"test_": (1, "assert True")}
        made = notebook(checks={})
        meta = {"locked": True, "grade": True, "solution": False, "points": 1}
        made.cells.insert(1, cell("test_start", checks["test_"][1], **meta))
        scores = well_formed(grader.grade(made, made), total=1)
        assert points(scores) == 1

    def test_a_sandbox_that_went_away_is_started_again(self, grade, grader):
        grade()
        grader.sandbox._process.kill()
        grader.sandbox._process.wait()
        scores, _ = grade()
        assert points(scores) == TOTAL

    def test_a_sandbox_that_goes_away_in_the_middle(self, grade, grader):
        grade()
        pid = grader.sandbox._process.pid
        code = f"import os, time; os.kill({pid}, 9); time.sleep(1); same(second(1), 4)"
        scores, _ = grade(checks=CHECKS | {"test_second": (1, code)})
        assert scores["test_second"][:2] == (0, "died")
        assert kinds(scores).keys() == {"test_second", "test_second_with_first", "test_third"}

    def test_a_start_that_fails_is_tried_again(self, grade, monkeypatch):
        from mixgrade import kernel

        wait, failed = kernel.Kernel.wait_until_ready, []

        def fail_once(self, until):
            if not failed:
                failed.append(1)
                raise KernelStopped("died", "it did not answer")
            wait(self, until)

        monkeypatch.setattr(kernel.Kernel, "wait_until_ready", fail_once)
        scores, _ = grade()
        assert points(scores) == TOTAL


def test_a_grader_without_work_starts_nothing(bubblewrap):
    with Grader() as grader:
        assert grader.isolation.startswith("bubblewrap")
        assert grader.sandbox._process is None
