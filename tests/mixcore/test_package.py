import importlib
import inspect
import io
import pkgutil
import statistics
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import mixcore

PUBLIC = [
    "BernoulliMixture",
    "DegenerateFitError",
    "EMResult",
    "EnergyTestResult",
    "GaussianMixture",
    "KMeansResult",
    "LangevinResult",
    "MeansResult",
    "MeansStudy",
    "NCEResult",
    "NCEStudy",
    "QuadraticSolution",
    "SelectionResult",
    "aic",
    "bernoulli_m_step",
    "bic",
    "closest_error",
    "datasets",
    "dual_function",
    "dual_multiplier",
    "energy_test",
    "expectation_maximisation",
    "fit_bernoulli_mixture",
    "fit_gaussian",
    "fit_gaussian_mixture",
    "fit_means",
    "fit_nce",
    "gaussian_log_density",
    "gaussian_m_step",
    "gaussian_score",
    "icl",
    "kkt_residuals",
    "kmeans",
    "mala",
    "match_components",
    "matched_error",
    "means_study",
    "ml_asymptotic_covariance",
    "n_parameters",
    "nce_asymptotic_covariance",
    "nce_loss",
    "nce_study",
    "plotting",
    "select_n_components",
    "solve_constrained_quadratic",
    "ula",
]


def test_public_names_are_frozen():
    assert mixcore.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(mixcore))
    for name in PUBLIC:
        assert getattr(mixcore, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'magic'"):
        _ = mixcore.magic


def test_import_loads_neither_matplotlib_nor_tensorflow_datasets():
    code = (
        "import sys, mixcore\n"
        "print([m for m in sys.modules if m.startswith(('matplotlib', 'tensorflow'))])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


def public_callables():
    modules = [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(mixcore.__path__, "mixcore.")
        if "._" not in info.name
    ]
    found = {}
    for module in modules:
        for name in module.__all__:
            value = getattr(module, name)
            if callable(value):
                found[f"{value.__module__}.{name}"] = value
    return found


@pytest.mark.parametrize("name", sorted(public_callables()))
def test_public_docstrings_are_numpydoc(name):
    value = public_callables()[name]
    text = inspect.getdoc(value)
    assert text
    if isinstance(value, type):
        return
    assert "Returns\n-------" in text
    if value.__code__.co_argcount + value.__code__.co_kwonlyargcount:
        assert "Parameters\n----------" in text
        arguments = value.__code__.co_varnames[
            : value.__code__.co_argcount + value.__code__.co_kwonlyargcount
        ]
        for argument in arguments:
            assert argument in text


def code_lines(path):
    """Return the number of lines that hold code: no blank lines, comments or docstrings."""
    text = path.read_text(encoding="utf-8")
    lines = set()
    previous = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        layout = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}
        if token.type in layout or token.type == tokenize.ENDMARKER:
            continue
        is_docstring = token.type == tokenize.STRING and previous == tokenize.NEWLINE
        previous = token.type
        if token.type != tokenize.NEWLINE and not is_docstring:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines)


def test_modules_are_short():
    paths = list(Path(mixcore.__file__).parent.rglob("*.py"))
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: n for name, n in lines.items() if n > 300} == {}
    assert statistics.median(code_lines(path) for path in paths) <= 100
