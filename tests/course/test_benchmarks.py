"""The benchmarks: what they must cover, what fails them and what does not, and README's table.

No test here says how long anything may take: that is what the table is for.
"""

import copy
import importlib
import json
import os
import re
import subprocess
import sys

import pytest

import bench_table


@pytest.fixture
def results(root):
    return json.loads((root / "tests" / "benchmarks" / "results.json").read_text(encoding="utf-8"))


@pytest.fixture
def benchmarks(root, monkeypatch):
    """Return a function that imports a module of the benchmarks, as `make bench` does."""
    for folder in (root / "tests", root):  # the root first: tests/ has a folder mixcore, too
        monkeypatch.syspath_prepend(str(folder))

    def module(name):
        return importlib.import_module(f"benchmarks.{name}")

    yield module
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


SIZES = ("10000-2-5", "100000-2-5", "100000-16-10", "1000000-2-4")
REQUIRED = {
    **{f"em-full-{size}": ("ratio", ">=", 7) for size in SIZES},
    **{
        f"em-{kind}-{size}": ("ratio", ">=", 4)
        for kind in ("tied", "diag", "spherical")
        for size in SIZES[1:3]
    },
    **{f"fit-{size}": ("ratio", ">=", 4) for size in SIZES},
    **{f"kmeans-{size}": ("ratio", ">=", 1) for size in SIZES},
    "mala-1000": ("ratio", ">=", 1.9),
    "mala-10000": ("ratio", ">=", 1.9),
    "bernoulli-60000-784-10": ("ratio", "<=", 2),
    "nce-600": ("ours", "<=", 20),
    "memory-1000000-2-4": ("ours", "<=", 150),
    "import": ("ours", "<=", 0.3),
}


def test_every_required_case_was_measured(results):
    assert not results["quick"], "these are figures of tiny sizes; run make bench"
    found = {row["id"]: tuple(row["aim"].values()) for row in results["cases"]}
    assert found == REQUIRED
    assert all(row["check"] for row in results["cases"])


def test_the_results_say_where_they_come_from(results):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", results["date"])
    assert results["machine"]["processor"]
    assert results["machine"]["cores"] >= 1
    pins = dict(
        line.lower().replace("_", "-").split("==")
        for line in (bench_table.ROOT / "constraints-bench.txt").read_text().splitlines()
        if not line.startswith("#")
    )
    for name in ("numpy", "scipy", "scikit-learn", "blackjax", "jax"):
        assert results["versions"][name] == pins[name]


def test_ratios_and_verdicts_follow_from_the_medians(results):
    for row in results["cases"]:
        ours, peer = row["ours_median"], row["peer_median"]
        if peer is not None:
            expected = ours / peer if row["ratio_of"] == "ours / peer" else peer / ours
            assert row["ratio"] == pytest.approx(expected), row["id"]
        value = row["ratio"] if row["aim"]["of"] == "ratio" else ours
        bound = row["aim"]["value"]
        assert row["met"] == (value >= bound if row["aim"]["relation"] == ">=" else value <= bound)


def test_growth_was_measured_along_every_axis(results):
    assert list(results["growth"]) == ["n", "d", "k", "chains"]
    for data in results["growth"].values():
        assert len(data["values"]) == len(data["ours_seconds"]) == len(data["peer_seconds"]) >= 4


def test_the_readme_quotes_the_results(root, results):
    text = (root / "README.md").read_text(encoding="utf-8")
    assert bench_table.with_block(text, results) == text, "run python scripts/bench_table.py"


def test_the_table_follows_the_results(results):
    text = bench_table.README.read_text(encoding="utf-8")
    changed = copy.deepcopy(results)
    changed["cases"][0]["ours_median"] *= 2
    assert bench_table.with_block(text, changed) != bench_table.with_block(text, results)


def test_constraints_of_the_benchmarks_name_no_address(root):
    text = (root / "constraints-bench.txt").read_text()
    assert not re.search(r"://|--index|@", text)
    assert all(re.fullmatch(r"[\w-]+==[\w.]+|#.*", line) for line in text.splitlines())


def run_quick(root, tmp_path, *arguments, module="benchmarks"):
    path = os.pathsep.join(map(str, (root, root / "tests", root / "scripts")))
    return subprocess.run(
        [sys.executable, "-m", module, "--quick", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_selection_runs_with_tiny_sizes(root, tmp_path):
    """Every comparison with scikit-learn, on data so small that the figures mean nothing."""
    output = tmp_path / "results.json"
    result = run_quick(root, tmp_path, "em", "fit", "kmeans", "--output", str(output))
    assert result.returncode == 0, result.stderr
    found = json.loads(output.read_text(encoding="utf-8"))
    assert {row["group"] for row in found["cases"]} == {"em", "fit", "kmeans"}
    for row in found["cases"]:
        assert row["title"] in result.stderr
        assert f"| {row['title']} |" in result.stdout
    assert bench_table.markdown(found) in result.stdout
    assert any(not row["met"] for row in found["cases"]), "a missed aim must not fail the command"


def test_an_unknown_group_is_refused(root, tmp_path):
    result = run_quick(root, tmp_path, "kmean")
    assert result.returncode == 2
    assert "no group kmean" in result.stderr


@pytest.fixture
def command(benchmarks, monkeypatch):
    """Return a function that runs the command with one group of made-up cases."""
    main = benchmarks("__main__")

    def run(*cases, output):
        monkeypatch.setattr(main, "GROUPS", {"em": lambda quick: iter(cases)})
        return main.main(["em", "--output", str(output)])

    return run


def case_of(measure, run, aim=("ratio", ">=", 7), **options):
    return measure.Case("a", "a case", "a peer", aim, run, **options)


@pytest.mark.parametrize(("peer_seconds", "met"), [(20.0, True), (3.0, False)])
def test_a_missed_aim_is_shown_and_is_no_error(
    benchmarks, command, tmp_path, capsys, peer_seconds, met
):
    measured = benchmarks("measure").Measured([1.0, 2.0, 1.0], [peer_seconds] * 3, "checked")
    output = tmp_path / "results.json"
    assert command(case_of(benchmarks("measure"), lambda: measured), output=output) == 0
    [row] = json.loads(output.read_text())["cases"]
    assert row["met"] == met
    assert row["ratio"] == peer_seconds
    assert f"| ≥ 7 | {'yes' if met else 'no'} |" in capsys.readouterr().out


@pytest.mark.parametrize("error", ["Disagreement", "another"])
def test_a_failed_check_fails_the_command_and_writes_nothing(
    benchmarks, command, tmp_path, capsys, error
):
    measure = benchmarks("measure")

    def run():
        raise measure.Disagreement("labels differ") if error == "Disagreement" else ValueError("no")

    good = measure.Measured([1.0], [1.0], "checked")
    output = tmp_path / "results.json"
    cases = (case_of(measure, run), case_of(measure, lambda: good))
    assert command(*cases, output=output) == 1
    assert not output.exists()
    shown = capsys.readouterr()
    assert "FAILED" in shown.err
    assert "| a case |" in shown.out, "the other cases run all the same"


def test_checks_notice_other_results(benchmarks):
    import numpy as np

    measure, gaussian, sampling = map(benchmarks, ("measure", "gaussian", "sampling"))
    weights, means = np.array([0.4, 0.6]), np.zeros((2, 2))
    covariances = np.tile(np.eye(2), (2, 1, 1))
    gaussian.same_parameters((weights, means, covariances), (weights, means, covariances))
    with pytest.raises(measure.Disagreement, match="parameters differ"):
        gaussian.same_parameters(
            (weights, means + 2e-8, covariances), (weights, means, covariances)
        )

    rng = np.random.default_rng(0)
    x, acceptance = sampling.start(1_000), rng.uniform(0.4, 0.8, size=1_000)
    sampling.same_distribution((x, acceptance), (x[::-1], acceptance[::-1]))
    with pytest.raises(measure.Disagreement, match="acceptance rates"):
        sampling.same_distribution((x, acceptance), (x, acceptance + 0.05))
    with pytest.raises(measure.Disagreement, match="second moment"):
        sampling.same_distribution((x, acceptance), (1.3 * x, acceptance))


def test_contestants_take_turns_and_every_round_is_checked(benchmarks):
    measure = benchmarks("measure")
    order, checked = [], []

    def contestant(name):
        def run():
            order.append(name)
            return (1.0 if name == "ours" else 3.0), name

        return run

    def check(ours, peer):
        checked.append((ours, peer))
        return "checked"

    measured = measure.compare(contestant("ours"), contestant("peer"), check, rounds=4)
    assert order[-8:] == ["ours", "peer", "peer", "ours"] * 2
    assert checked == [("ours", "peer")] * 4
    assert (measured.ours, measured.peer) == ([1.0] * 4, [3.0] * 4)


def test_each_contestant_gets_the_threads_that_suit_it(benchmarks, monkeypatch):
    measure = benchmarks("measure")
    current, under = [], measure.under

    def remember(setting, contestant):
        current[:] = [setting]
        return under(setting, contestant)

    monkeypatch.setattr(measure, "under", remember)
    ours = lambda: (1.0 if current == ["one thread"] else 2.0, None)  # noqa: E731
    peer = lambda: (1.0 if current == ["all cores"] else 2.0, None)  # noqa: E731
    measured = measure.compare(ours, peer, lambda *_: "checked")
    assert measured.details["threads"] == {"ours": "one thread", "peer": "all cores"}
    assert set(measured.ours + measured.peer) == {1.0}


def test_a_selection_replaces_its_own_rows_only(benchmarks):
    main = benchmarks("__main__")
    old = {
        "date": "2000-01-01",
        "cases": [{"group": "em", "id": 1}, {"group": "kmeans", "id": 2}],
        "growth": {"n": "old"},
    }
    new = {"date": "2001-01-01", "cases": [{"group": "kmeans", "id": 3}], "growth": {}}
    merged = main.merged(old, new, ["kmeans"])
    assert [row["id"] for row in merged["cases"]] == [1, 3]
    assert merged["growth"] == {"n": "old"}


def test_the_makefile_measures_without_limits_on_threads(root):
    plan = subprocess.run(
        ["make", "--no-print-directory", "-n", "bench", "CASES=em kmeans"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "-u OPENBLAS_NUM_THREADS -u OMP_NUM_THREADS" in plan
    assert "-m benchmarks  em kmeans" in plan


@pytest.mark.slow
def test_stock_nbgrader_gives_the_same_scores(root, tmp_path):
    # The benchmark stops where two scores differ, or where its peer is not stock.
    result = run_quick(root, tmp_path, module="benchmarks.grading")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "5 submissions of ps5-em" in result.stderr
