"""Masters and builder: what the contract promises, and what the builder refuses."""

import ast
import re

import nbformat
import pytest

import build

# Names, arguments and points are promises to students.
CONTRACT = {
    "ps1-sampling": {
        "notebook": "sampling",
        "functions": {
            "sample_mixture": "n weights means covariances rng",
            "gaussian_log_density": "x mean covariance",
            "mixture_log_density": "x weights means covariances",
            "normalising_constant": "n_components sigma",
        },
        "points": (16, 4),
    },
    "ps2-duality": {
        "notebook": "duality",
        "functions": {
            "dual_multiplier": "M h b c",
            "solve_constrained_quadratic": "M h b c",
            "mixing_weights": "resp",
        },
        "points": (12, 8),
    },
    "ps3-kmeans": {
        "notebook": "kmeans",
        "functions": {
            "assignment_step": "data_points centers",
            "adjustment_step": "data_points assignments_one_hot",
            "sum_of_squared_distances": "data_points centers assignments_one_hot",
            "k_means": "data_points k rng max_iter",
        },
        "points": (16, 4),
    },
    "ps4-em-1d": {
        "notebook": "em_1d",
        "functions": {
            "sample_two_gaussians": "n prob_1 mean_1 sigma_1 mean_2 sigma_2 rng",
            "e_step": "x weights means sigmas",
            "m_step": "x resp",
            "log_likelihood": "x weights means sigmas",
            "fit_em": "x weights means sigmas max_iter tol",
        },
        "points": (16, 8),
    },
    "ps5-em": {
        "notebook": "em_gmm",
        "functions": {
            "gmm_log_likelihood": "samples weights means covariances",
            "e_step": "samples weights means covariances",
            "m_step": "samples resp",
            "fit_gaussian_mixture": "samples num_components num_iters rng",
            "match_components": "estimated_means true_means",
        },
        "points": (24, 4),
    },
    "ps6-model-selection": {
        "notebook": "model_selection",
        "functions": {
            "mean_nll": "samples weights means covariances",
            "n_parameters": "k d",
            "bic": "log_likelihood k d n",
            "choose_k": "samples candidates rng",
        },
        "points": (12, 8),
    },
    "ps7-bernoulli": {
        "notebook": "bernoulli",
        "functions": {
            "binarise": "images threshold",
            "pixel_probabilities": "x assignments n_clusters",
            "assign": "x probabilities",
            "cluster": "x n_clusters rng max_iter",
            "e_step": "x weights probabilities",
            "m_step": "x resp",
        },
        "points": (20, 4),
    },
    "ps8-langevin": {
        "notebook": "langevin",
        "functions": {
            "log_density": "x means sigma",
            "score": "x means sigma",
            "langevin_step": "x means sigma epsilon noise",
            "log_proposal": "x_to x_from means sigma epsilon",
            "log_acceptance": "x_new x means sigma epsilon",
            "mala": "x means sigma epsilon n_steps rng",
        },
        "points": (22, 4),
    },
    "ps9-contrastive-divergence": {
        "notebook": "contrastive_divergence",
        "functions": {
            "mean_gradient": "x means",
            "update": "means x_real x_model eta",
            "fit_direct": "x_real means n_steps eta rng",
            "fit_mcmc": "x_real means n_steps eta rng",
            "fit_cd": "x_real means n_steps eta rng",
            "matched_error": "estimate truth",
        },
        "points": (24, 6),
    },
    "ps10-nce": {
        "notebook": "nce",
        "functions": {
            "log_noise": "y",
            "log_h": "u means log_z",
            "nce_loss": "params x y",
            "nce_loss_z": "params x y",
            "fit_nce": "x y means",
            "fit_nce_z": "x y means log_z",
            "closest_error": "estimate truth",
            "mse_and_failures": "results",
        },
        "points": (26, 6),
    },
}


def kind(cell):
    meta = cell.metadata.get("nbgrader", {})
    if meta.get("solution"):
        return "written" if meta["grade"] else "solution"
    return "check" if meta.get("grade") else "other"


@pytest.fixture(params=sorted(CONTRACT))
def assignment(request):
    return request.param


@pytest.fixture
def notebook(assignment):
    name, notebook = build.build_notebook(build.masters()[assignment])
    assert name == CONTRACT[assignment]["notebook"]
    return notebook


def test_every_master_has_a_contract():
    assert set(build.masters()) == set(CONTRACT)


def test_functions_have_the_promised_names_and_arguments(assignment, notebook):
    solutions = [cell for cell in notebook.cells if kind(cell) == "solution"]
    expected = CONTRACT[assignment]["functions"]
    assert [cell.metadata.nbgrader.grade_id for cell in solutions] == list(expected)
    for cell in solutions:
        name = cell.metadata.nbgrader.grade_id
        defined = {
            node.name: [a.arg for a in node.args.args]
            for node in ast.parse(cell.source).body
            if isinstance(node, ast.FunctionDef)
        }
        assert defined[name] == expected[name].split()


def test_points_add_up(assignment, notebook):
    points = {"check": 0, "written": 0}
    for cell in notebook.cells:
        if kind(cell) in points:
            points[kind(cell)] += cell.metadata.nbgrader.points
    assert (points["check"], points["written"]) == CONTRACT[assignment]["points"]


def test_every_function_has_a_visible_and_a_hidden_check(notebook):
    sources = {}
    for cell in notebook.cells:
        if kind(cell) == "solution":
            sources[cell.metadata.nbgrader.grade_id] = current = []
        elif kind(cell) == "check":
            current.append(cell.source)
    region = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.DOTALL)
    for name, checks in sources.items():
        assert any(region.search(check) for check in checks), f"{name} has no hidden check"
        visible = [region.sub("", check) for check in checks]
        assert any("assert" in check for check in visible), f"{name} has no visible check"


def test_written_questions_have_a_model_answer_and_a_rubric(notebook):
    written = [cell for cell in notebook.cells if kind(cell) == "written"]
    assert written
    for cell in written:
        assert "rubric" in cell.source.lower()
        assert len(cell.source) > 300


def test_notebook_ends_in_a_figure_that_students_cannot_lose(notebook):
    figures = [
        cell for cell in notebook.cells if cell.cell_type == "code" and kind(cell) == "other"
    ]
    assert "plt." in figures[-1].source
    assert figures[-1].metadata.nbgrader.locked


def test_only_data_and_figures_come_from_the_project(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.ImportFrom) and node.module.startswith("mixcore"):
                    assert {alias.name for alias in node.names} <= {"datasets", "plotting"}
                if isinstance(node, ast.Import):
                    assert not any(alias.name.startswith("mixcore") for alias in node.names)


def test_building_twice_gives_the_same_bytes(assignment, tmp_path):
    first = build.build(assignment, into=tmp_path / "a").read_bytes()
    assert build.build(assignment, into=tmp_path / "b").read_bytes() == first


def test_cell_ids_do_not_move_when_a_cell_is_added_above(assignment, tmp_path):
    master = build.masters()[assignment]
    text = master.read_text(encoding="utf-8")
    first_cell = text.index("# %% [markdown]")
    longer = tmp_path / master.name
    longer.write_text(text[:first_cell] + "# %% [markdown]\n# New.\n\n" + text[first_cell:])
    before = [cell.id for cell in build.build_notebook(master)[1].cells]
    after = [cell.id for cell in build.build_notebook(longer)[1].cells]
    assert after[1:] == before


HEADER = "# ---\n# jupyter:\n#   course:\n#     notebook: toy\n# ---\n\n"
SOLUTION = "### BEGIN SOLUTION\n### END SOLUTION\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# %% [markdown]\n# Hello.\n", "no 'course: notebook: NAME'"),
        (HEADER + "# %%\nx = 1\n", "a code cell needs one of given, solution"),
        (HEADER + '# %% chek="test_f" points=1\nx = 1\n', "is not understood"),
        (HEADER + '# %% given="a" solution="b"\nx = 1\n', "is not understood"),
        (HEADER + '# %% solution="f"\ndef f():\n    return 1\n', "no '### BEGIN SOLUTION'"),
        (HEADER + f'# %% solution="f" points=1\n{SOLUTION}', "other cells have none"),
        (
            HEADER + f'# %% solution="f"\n{SOLUTION}\n# %% check="test_f"\nx = 1\n',
            "a check and a written question need points",
        ),
        (
            HEADER + f'# %% solution="f"\n{SOLUTION}\n# %% check="test_g" points=1\nx = 1\n',
            "its name must begin with 'test_f'",
        ),
        (HEADER + '# %% given="a"\nx = 1\n\n# %% given="a"\nx = 2\n', "is there twice"),
    ],
)
def test_a_master_out_of_form_is_refused(text, words, tmp_path):
    master = tmp_path / "ps0-toy.py"
    master.write_text(text)
    with pytest.raises(build.MasterError, match=words):
        build.build_notebook(master)


def test_an_unknown_assignment_is_answered_with_the_known_ones():
    with pytest.raises(build.MasterError, match="no master for 'ps99'; known are ps1-sampling"):
        build.build("ps99")


def test_metadata_are_those_of_nbgrader(notebook):
    from nbgrader.nbgraderformat import MetadataValidator

    validator = MetadataValidator()
    for cell in notebook.cells:
        validator.validate_cell(cell)
    ids = [
        cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata
    ]
    assert len(ids) == len(set(ids))
    nbformat.validate(notebook)
