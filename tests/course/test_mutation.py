"""The mutation tests: their operators, and the figures they left."""

import ast

import pytest
from mutation import report, subjects
from mutation.operators import mutants

LEAST_OVERALL, LEAST_EACH = 0.97, 0.92


def changes(source):
    return {mutant.change for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y = a + b", {"a - b", "a", "b"}),
        ("y = a @ b.T", {"a * b.T", "a", "b.T", "a @ b"}),
        ("y = a ** 2", {"a * 2", "a", "2", "a ** 3", "a ** 1"}),
        ("y = -a", {"a"}),
        ("y = a < b", {"a <= b", "a >= b"}),
        ("y = a and b", {"a or b", "a", "b"}),
        ("y = 0.5 * a", {"1.0 * a", "0.25 * a", "0.5 / a", "a", "0.5"}),
        ("y = a.sum(axis=1)", {"a.mean(axis=1)", "a.sum(axis=2)", "a.sum(axis=0)", "a.sum()", "a"}),
        ("y = f(a, b)", {"f(b, a)"}),
        ("y = x[i, j]", {"x[j, i]", "x"}),
        ("y = x[1:]", {"x[:]", "x[2:]", "x[0:]", "x"}),
        ("y = x.copy()", {"x"}),
        ("y = np.exp(x)", {"x"}),
        ("y = True", {"False"}),
        ("y = a if b else c", {"a", "c"}),
    ],
)
def test_operators_on_expressions(source, expected):
    wanted = {f"- {source}\n+ y = {right}" for right in expected} | {f"- {source}\n+ pass"}
    assert changes(source) == wanted


def test_operators_on_statements():
    source = "def f(x, n):\n    'Text.'\n    for i in range(n):\n        x += i\n    return x, n"
    found = changes(source)
    assert {
        "- x += i\n+ pass",
        "- x += i\n+ x = i",
        "- x += i\n+ x -= i",
        "+ break",
        "- return (x, n)\n+ return (n, x)",
        "- return (x, n)\n+ pass",
    } <= found
    assert not any("Text" in change or "def f" in change for change in found)
    assert {"- while a:\n+ while True:", "- while a:\n+ while False:"} <= changes(
        "while a:\n    b()"
    )


def test_every_mutant_differs_from_the_others_and_can_be_compiled():
    for source in subjects.functions().values():
        made = mutants(source)
        assert len({mutant.source for mutant in made}) == len(made) >= 4
        original = ast.unparse(ast.parse(source))
        assert all(mutant.source != original for mutant in made)
        assert all(mutant.change for mutant in made)


def test_the_figures_are_those_of_the_present_checks():
    """`make mutation` after a change to a model solution, its checks or an operator."""
    stale = [
        name
        for name in subjects.functions()
        if report.read_results().get(name, {}).get("fingerprint")
        != subjects.fingerprint(*name.split("/"))
    ]
    assert not stale, f'run make mutation ONLY="{" ".join(stale)}"'
    assert set(report.read_results()) == set(subjects.functions())


def test_checks_kill_enough_mutants():
    results = report.read_results()
    assert report.total(results)["score"] >= LEAST_OVERALL
    weak = {name: report.figures(name, result) for name, result in results.items()}
    assert not {name: row for name, row in weak.items() if row["score"] < LEAST_EACH}


def test_every_equivalent_mutant_is_a_survivor_with_a_reason():
    results = report.read_results()
    found = {(name, s["change"]) for name, result in results.items() for s in result["survivors"]}
    assert set(report.equivalents()) <= found
    assert all(len(reason) > 20 for reason in report.equivalents().values())
