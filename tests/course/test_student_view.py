"""What a graded notebook sees of mixcore: the same data and figures, no reference solution."""

import ast
import os
import pickle
import subprocess
import sys
import sysconfig
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import build
import mixcore
import student_view
from mixcore import datasets

ROOT = Path(__file__).resolve().parents[2]
SETS = [name for name in datasets.names() if name != "mnist"]


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    folder = tmp_path_factory.mktemp("view") / "view"
    assert student_view.make(folder)
    return folder


def in_view(folder, code, *, fails=False):
    """Run code in a Python that knows the view and the installed packages, but not the project.

    Return what it wrote to stdout, as bytes, or what it said if it is to fail.
    """
    preamble = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        f"sys.path.append({sysconfig.get_path('purelib')!r})\n"
    )
    environment = {"HOME": f"{folder}-home", "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    result = subprocess.run(
        # Without site, the finder of the editable install is not there.
        [sys.executable, "-I", "-S", "-W", "error", "-"],
        input=(preamble + code).encode(), cwd=folder, env=environment,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert (result.returncode != 0) == fails, result.stderr.decode()
    return result.stderr.decode() if fails else result.stdout


def loaded_in_view(folder, expressions):
    code = (
        "import pickle\nfrom mixcore import datasets\n"
        f"sys.stdout.buffer.write(pickle.dumps([{', '.join(expressions)}]))"
    )
    return pickle.loads(in_view(folder, code))


def assert_same_field(seen, real):
    assert type(seen) is type(real)
    if isinstance(real, np.ndarray):
        assert (seen.dtype, seen.flags.writeable) == (real.dtype, real.flags.writeable)
        np.testing.assert_array_equal(seen, real, strict=True)
    else:
        assert seen == real


def assert_same(seen, real):
    for field in vars(real):
        if field != "truth":
            assert_same_field(getattr(seen, field), getattr(real, field))
    assert_same_field(seen.images, real.images)
    assert (seen.truth is None) == (real.truth is None)
    if real.truth is not None:
        for parameter in ("weights", "means", "covariances"):
            ours = getattr(seen.truth, parameter)
            np.testing.assert_array_equal(ours, getattr(real.truth, parameter), strict=True)
        assert seen.truth.n_components == real.truth.n_components
        assert seen.truth.n_features == real.truth.n_features


def test_the_sets_are_the_real_ones(view):
    for seen, name in zip(
        loaded_in_view(view, [f"datasets.load({name!r})" for name in SETS]), SETS, strict=True
    ):
        assert_same(seen, datasets.load(name))


def test_images_are_the_digits_where_mnist_was_not_asked_for(view):
    chosen, automatic, names = loaded_in_view(
        view, ["datasets.load_images('digits')", "datasets.load_images()", "datasets.names()"]
    )
    assert_same(chosen, datasets.load_images("digits"))
    assert names == datasets.names()
    np.testing.assert_array_equal(automatic.x, chosen.x)
    assert automatic.notice.startswith("digits: 1,797 images of 8 x 8 pixels from scikit-learn")
    said = in_view(view, "from mixcore import datasets; datasets.load('mnist')", fails=True)
    assert "FileNotFoundError: the train part of mnist is not among the prepared sets" in said


@pytest.mark.parametrize(
    "arguments", [{"name": "faithful"}, {"name": "uniform", "split": "test"}], ids=str
)
def test_errors_of_load_are_the_real_ones(view, arguments):
    code = f"from mixcore import datasets; datasets.load(**{arguments})"
    said = in_view(view, code, fails=True).splitlines()[-1]
    with pytest.raises(ValueError, match=r"choose one of|split must be") as real:
        datasets.load(**arguments)
    assert said == f"ValueError: {real.value}"


def test_mnist_comes_along_when_asked_for(shared, monkeypatch, tmp_path):
    monkeypatch.setenv("MIXCORE_MNIST_DIR", str(shared / "data" / "mnist"))
    assert student_view.make(tmp_path / "view", mnist=["test"])
    expressions = ["datasets.load('mnist', split='test')", "datasets.load_images()"]
    seen, automatic = loaded_in_view(tmp_path / "view", expressions)
    assert_same(seen, datasets.load("mnist", split="test"))
    assert automatic.notice.startswith("mnist: 10,000 images of the test part of 28 x 28 pixels")


def given_and_solved(assignment):
    """Return the code of a master, without its checks; its figure is the last cell but one."""
    notebook = build.build_notebook(build.masters()[assignment])[1]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = [cell for cell in cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    assert "from mixcore import datasets, plotting" in kept[-1].source
    return [cell.source for cell in kept]


@pytest.mark.slow
def test_the_figures_of_all_notebooks_are_drawn(view):
    notebooks = {assignment: given_and_solved(assignment) for assignment in build.masters()}
    assert len(notebooks) == 10
    code = f"""
import warnings
import matplotlib.pyplot as plt
warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
from mixcore import plotting
plotting.player(lambda ax, t: ax.plot([0, t]), 2, alt="A line.")._repr_html_()
for assignment, cells in {notebooks!r}.items():
    names = {{}}
    for cell in cells:
        exec(compile(cell, assignment, "exec"), names)
    plt.gcf().canvas.draw()
    plt.close("all")
    print("drawn", assignment)
files = [str(getattr(module, "__file__", None)) for module in sys.modules.values()]
print("from the project:", [file for file in files if file.startswith({str(ROOT / "mixcore")!r})])
print("slow:", [name for name in sys.modules if name.startswith("tensorflow")])
"""
    lines = in_view(view, code).decode().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("drawn")] == list(notebooks)
    assert lines[-2:] == ["from the project: []", "slow: []"]


def definitions(text):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)}


def test_no_reference_solution_is_in_the_view(view):
    files = sorted(path for path in view.rglob("*") if path.is_file())
    modules = {str(path.relative_to(view / "mixcore")) for path in files if path.suffix == ".py"}
    plotting = {f"plotting/{path.name}" for path in (ROOT / "mixcore" / "plotting").glob("*.py")}
    own = {"__init__.py", "_prepared_sets.py", "_validation.py", "datasets.py"}
    data = {"_course_builder.py", "_dataset_builders.py", "_image_builders.py", "_mnist_files.py"}
    assert modules == own | plotting
    assert {path.suffix for path in files} == {".html", ".json", ".npz", ".py", ".pyc", ".txt"}

    solved = set()
    for master in build.masters().values():
        for cell in build.build_notebook(master)[1].cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("solution") and not meta.get("grade"):
                solved.add(meta["grade_id"])
    reference = {
        name
        for path in (ROOT / "mixcore").glob("*.py")
        if path.name not in own | data
        for name in definitions(path.read_text(encoding="utf-8"))
        if not name.startswith("_")
    } - {"n_components", "n_features"}  # sizes of the arrays
    assert {"e_step", "score", "log_density", "match_components"} <= solved
    assert {"responsibilities", "log_density", "fit_nce", "kmeans"} <= reference
    for path in files:
        if path.suffix == ".py":
            defined = definitions(path.read_text(encoding="utf-8"))
            assert defined & (solved | reference | set(mixcore.__all__)) == set(), path


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import mixcore; mixcore.kmeans", "AttributeError: mixcore.kmeans is not there while a"),
        ("from mixcore import GaussianMixture", "ImportError: cannot import name"),
        ("import mixcore.gaussian_mixture", "ModuleNotFoundError: No module named"),
        (
            "from mixcore import datasets; datasets.load('four_corners').truth.log_density",
            "AttributeError: 'MixtureParameters' object has no attribute 'log_density'",
        ),
        (
            "from mixcore import datasets; datasets.load('four_corners').truth.means[0] = 1",
            "ValueError: assignment destination is read-only",
        ),
    ],
)
def test_the_reference_is_out_of_reach(view, code, words):
    assert words in in_view(view, code, fails=True)


def test_modules_are_attributes_of_the_package(view):
    code = (
        "import mixcore; print(len(mixcore.datasets.load('uniform').x), mixcore.plotting.COLOURS)"
    )
    assert in_view(view, code).decode().startswith("500 ('#0072B2'")


def contents(folder):
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_view_is_made_again_only_when_its_inputs_changed(view, tmp_path, monkeypatch):
    before = contents(view)
    assert not student_view.make(view)
    assert contents(view) == before

    folder = tmp_path / "view"
    folder.mkdir()
    assert student_view.make(folder)
    (folder / "left_over").touch()
    monkeypatch.setattr(student_view, "INIT", "# changed\n" + student_view.INIT)
    monkeypatch.setattr(student_view, "_digest", lambda mnist: "changed")
    assert student_view.make(folder)
    assert set(contents(folder)) == set(before)
    assert (folder / "mixcore" / "__init__.py").read_text().startswith("# changed")
    assert os.listdir(tmp_path) == ["view"]


def test_every_input_counts(tmp_path, monkeypatch):
    root = tmp_path / "project"
    (root / "mixcore").mkdir(parents=True)
    (root / "mixcore" / "gaussian.py").write_text("one = 1\n")
    script = root / "student_view.py"
    script.write_text("")
    for name, value in {"ROOT": root, "PACKAGE": root / "mixcore", "__file__": str(script)}.items():
        monkeypatch.setattr(student_view, name, value)
    seen = [student_view._digest(()), student_view._digest(["test"])]
    (root / "mixcore" / "gaussian.py").write_text("one = 2\n")
    seen.append(student_view._digest(()))
    script.write_text("# changed\n")
    seen.append(student_view._digest(()))
    assert len(set(seen)) == len(seen)
    assert student_view._digest(["test", "train"]) == student_view._digest(["train", "test"])


def test_a_failure_leaves_the_old_view(view, tmp_path, monkeypatch):
    def fail(folder, mnist):
        raise OSError("no space left")

    before = contents(view)
    monkeypatch.setattr(student_view, "_digest", lambda mnist: "changed")
    monkeypatch.setattr(student_view, "_write_sets", fail)
    with pytest.raises(OSError, match="no space left"):
        student_view.make(view)
    assert contents(view) == before
    assert [path.name for path in view.parent.iterdir() if path.name.startswith(".")] == []


def test_another_folder_is_not_replaced(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(FileExistsError, match="holds something that this script did not make"):
        student_view.make(tmp_path)
    assert os.listdir(tmp_path) == ["thesis.tex"]


def test_processes_side_by_side_make_one_view(tmp_path):
    with get_context("spawn").Pool(3) as pool:
        pool.map(student_view.make, [tmp_path / "view"] * 3)
    assert os.listdir(tmp_path) == ["view"]
    assert not student_view.make(tmp_path / "view")
