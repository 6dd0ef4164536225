import io
import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from mixcore import GaussianMixture, plotting

LINE = GaussianMixture([1.0], [0.0], [1.0])
PLANE = GaussianMixture([1.0], [[0, 0]], [np.eye(2)])


@pytest.fixture
def mixture():
    return GaussianMixture([0.4, 0.6], [[0, 0], [3, 1]], [np.eye(2), [[2.0, 0.5], [0.5, 1.0]]])


@pytest.fixture
def line():
    return GaussianMixture([0.4, 0.6], [-2.5, 3.5], [4.0, 4.0])


def test_scatter_draws_each_component_in_its_own_style(mixture, rng):
    x, z = mixture.sample(50, rng)
    ax = plotting.scatter(x, z)
    assert len(ax.collections) == 2
    drawn = np.concatenate([c.get_offsets() for c in ax.collections])
    np.testing.assert_allclose(np.sort(drawn, axis=0), np.sort(x, axis=0))
    colours = {tuple(c.get_facecolor()[0][:3]) for c in ax.collections}
    assert len(colours) == 2


def test_scatter_draws_into_the_given_axes(rng):
    _, (left, right) = plt.subplots(1, 2)
    assert plotting.scatter(rng.standard_normal((5, 2)), ax=left) is left
    assert not right.collections


def test_responsibilities_become_colours(mixture):
    ax = plotting.responsibility_scatter([[0, 0], [1, 1]], [[1.0, 0.0], [0.5, 0.5]])
    blue, orange = (np.array(to_rgb(c)) for c in plotting.COLOURS[:2])
    shown = ax.collections[0].get_facecolor()[:, :3]
    np.testing.assert_allclose(shown, [blue, (blue + orange) / 2], atol=1e-6)


def test_contours_follow_the_density(mixture):
    ax = plotting.density_contours(mixture, extent=(-4, 8, -4, 6))
    contour = ax.collections[0]
    for level, path in zip(contour.levels, contour.get_paths(), strict=True):
        if len(path.vertices):
            values = mixture.log_density(path.vertices)
            np.testing.assert_allclose(values, level, atol=0.05)


def test_ellipses_lie_at_the_given_distance(mixture):
    ax = plotting.covariance_ellipses(mixture, n_std=2)
    for patch, mean, covariance in zip(ax.patches, mixture.means, mixture.covariances, strict=True):
        points = patch.get_patch_transform().transform(patch.get_path().vertices[:-1])
        offsets = points - mean
        distance = np.sqrt(np.einsum("ni,ij,nj->n", offsets, np.linalg.inv(covariance), offsets))
        # Matplotlib draws an ellipse by curves whose control points lie outside it.
        assert distance.min() == pytest.approx(2, rel=1e-3)


def test_density_on_the_line_has_its_weighted_parts(line):
    ax = plotting.density_1d(line, x=[-1.0, 2.0])
    *parts, total, ticks = (drawn.get_ydata() for drawn in ax.get_lines())
    np.testing.assert_allclose(np.sum(parts, axis=0), total)
    grid = ax.get_lines()[0].get_xdata()
    assert np.trapezoid(parts[0], grid) == pytest.approx(0.4, abs=1e-3)
    assert len(ticks) == 2


def test_log_likelihood_curve_and_mean_nll():
    ax = plotting.log_likelihood_curve([-30.0, -20.0])
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), [-30, -20])
    plt.figure()
    ax = plotting.log_likelihood_curve([-30.0, -20.0], n_points=10)
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), [3, 2])
    assert "NLL" in ax.get_ylabel()


def test_parameter_traces_show_the_truth():
    ax = plotting.parameter_traces([[0.0, 1.0], [0.5, 1.5]], truth=[0.6, 1.6], label="mean")
    assert len(ax.get_lines()) == 4
    assert ax.get_ylabel() == "mean"


def test_em_panels_hide_what_is_left_over(mixture, rng):
    x, _ = mixture.sample(30, rng)
    axes = plotting.em_panels(x, [(mixture, None)] + [(mixture, mixture)] * 3, list("abcd"))
    assert axes.shape == (2, 3)
    assert [ax.get_title() for ax in axes.flat] == ["a", "b", "c", "d", "", ""]
    assert not axes[1, 2].axison


def test_images_lie_side_by_side_in_one_scale_of_grey(rng):
    images = rng.uniform(size=(5, 4, 3))
    ax = plotting.image_grid(images, n_columns=3, titles=list("abcde"), label="probability of ink")
    for image, shown in zip(images, ax.images, strict=True):
        np.testing.assert_array_equal(shown.get_array(), image)
        assert shown.get_clim() == (0, 1)
        left, right, bottom, top = shown.get_extent()
        assert (right - left, bottom - top) == pytest.approx((3, 4))
    boxes = np.array([shown.get_extent() for shown in ax.images])
    assert (boxes[:3, 2] == boxes[0, 2]).all()  # one row
    assert (np.diff(boxes[:3, 0]) > 3).all()  # that runs to the right, without overlap
    assert (boxes[3:, 3] > boxes[:2, 2]).all()  # the next row below it
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # images are not upside down
    assert [text.get_text() for text in ax.texts] == list("abcde")
    assert ax.child_axes[0].get_ylabel() == "probability of ink"
    plt.figure()
    again = plotting.image_grid(images.reshape(5, 12), image_shape=(4, 3), label=None)
    np.testing.assert_array_equal(again.images[3].get_array(), images[3])
    assert not again.child_axes


def test_ink_is_dark():
    ax = plotting.image_grid([[[0.0, 1.0]]])
    paper, ink = ax.images[0].to_rgba(ax.images[0].get_array())[0, :, :3]
    np.testing.assert_array_equal(paper, 1)
    assert ink.max() < 0.01


def paths_of(ax):
    """Return the lines with more than one point, and the single points by label."""
    lines = [np.column_stack(line.get_data()) for line in ax.get_lines()]
    ends = {line.get_label(): line for line in ax.get_lines()}
    return [line for line in lines if len(line) > 1], ends


@pytest.mark.parametrize("draw", [plotting.centers_path, plotting.means_path, plotting.chain_paths])
def test_paths_go_from_a_hollow_to_a_full_marker(draw, rng):
    history = rng.standard_normal((6, 3, 2))
    paths, ends = paths_of(draw(history))
    np.testing.assert_array_equal(paths, history.transpose(1, 0, 2))
    np.testing.assert_array_equal(np.ravel(ends["start"].get_data()), history[0, 0])
    np.testing.assert_array_equal(np.ravel(ends["end"].get_data()), history[-1, 0])
    assert ends["start"].get_markerfacecolor() == "white"
    assert ends["end"].get_markerfacecolor() == plotting.COLOURS[0]


def test_paths_differ_in_more_than_colour(rng):
    ax = plotting.means_path(rng.standard_normal((4, 3, 2)))
    lines = [line for line in ax.get_lines() if len(line.get_xdata()) > 1]
    assert len({line.get_linestyle() for line in lines}) == 3
    assert len({line.get_marker() for line in ax.get_lines() if len(line.get_xdata()) == 1}) == 3


def test_means_path_shows_the_truth(rng):
    truth = rng.standard_normal((4, 2))
    _, ends = paths_of(plotting.means_path(rng.standard_normal((3, 4, 2)), truth))
    np.testing.assert_array_equal(np.column_stack(ends["truth"].get_data()), truth)


def test_chain_paths_draw_the_first_chains_only(rng):
    trace = rng.standard_normal((7, 9, 2))
    paths, _ = paths_of(plotting.chain_paths(trace, n_shown=2))
    np.testing.assert_array_equal(paths, trace[:, :2].transpose(1, 0, 2))


def test_regions_belong_to_the_nearest_centre():
    centers = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 2.0], [90.0, 90.0]])
    ax = plotting.cluster_regions(centers, extent=(-2, 6, -2, 4))
    mesh, *borders = ax.collections
    shown = mesh.get_array().reshape(300, 300)
    corners = [shown[0, 0], shown[0, -1], shown[-1, 0]]
    assert corners == [0, 1, 2]
    # Half of the way between the first two centres there is a border; the far one has none.
    assert len(borders) == 3
    path = borders[1].get_paths()[0].vertices
    below = path[path[:, 1] < 0.9]
    np.testing.assert_allclose(below[:, 0], 2, atol=0.03)


def test_half_steps_of_kmeans_are_told_apart():
    ax = plotting.inertia_curve([9.0, 7.0, 6.0, 5.0], label="SSD (min²)")
    line, assignment, adjustment = ax.get_lines()
    np.testing.assert_array_equal(line.get_data(), [[0.5, 1, 1.5, 2], [9, 7, 6, 5]])
    np.testing.assert_array_equal(assignment.get_data(), [[0.5, 1.5], [9, 6]])
    np.testing.assert_array_equal(adjustment.get_data(), [[1, 2], [7, 5]])
    assert assignment.get_marker() != adjustment.get_marker()
    assert (assignment.get_label(), ax.get_ylabel()) == ("after assignment", "SSD (min²)")


def test_step_norms_and_their_running_mean():
    ax = plotting.step_norm_curve([4.0, 2.0, 0.0, 1.0], window=2, label="CD")
    single, average = ax.get_lines()
    np.testing.assert_array_equal(single.get_data(), [[1, 2, 3, 4], [4, 2, 0, 1]])
    np.testing.assert_allclose(average.get_data(), [[2, 3, 4], [3, 1, 0.5]])
    assert average.get_label() == "CD, mean of 2 steps"
    assert ax.get_yscale() == "log"
    plt.figure()
    ax = plotting.step_norm_curve([0.0, 0.0])  # nothing that a logarithm could show
    assert ax.get_yscale() == "linear"


def test_acceptance_is_drawn_with_its_target():
    ax = plotting.acceptance_curve([0.01, 0.1, 1.0], [0.9, 0.6, 0.1], label="near", style=1)
    curve, target = ax.get_lines()
    np.testing.assert_array_equal(curve.get_data(), [[0.01, 0.1, 1.0], [0.9, 0.6, 0.1]])
    assert list(target.get_ydata()) == [0.574, 0.574]
    assert (ax.get_xscale(), target.get_label(), curve.get_label()) == ("log", "0.574", "near")
    ax = plotting.acceptance_curve([0.01], [0.9], target=None, ax=ax)
    assert len(ax.get_lines()) == 3
    assert curve.get_color() != ax.get_lines()[2].get_color()
    assert curve.get_linestyle() != ax.get_lines()[2].get_linestyle()


def test_the_lowest_score_of_each_criterion_is_marked():
    scores = {"AIC": [5.0, 3.0, 1.0], "BIC": [6.0, 2.0, 4.0]}
    ax = plotting.selection_curves([3, 1, 2], scores, label="score (nats)")
    aic, aic_ring, bic, bic_ring = ax.get_lines()
    np.testing.assert_array_equal(aic.get_data(), [[1, 2, 3], [3, 1, 5]])  # in order of K
    np.testing.assert_array_equal(np.ravel(aic_ring.get_data()), [2, 1])
    np.testing.assert_array_equal(np.ravel(bic_ring.get_data()), [1, 2])
    assert aic.get_label() == "AIC (lowest at 2)"
    assert aic.get_marker() != bic.get_marker()
    assert list(ax.get_xticks()) == [1, 2, 3]
    plt.figure()
    plain = plotting.selection_curves([1, 2, 3], scores, best=False)
    assert [line.get_label() for line in plain.get_lines()] == ["AIC", "BIC"]


def test_errors_have_their_band_and_theory():
    sizes, values = np.array([100, 200, 400]), np.array([0.4, 0.2, 0.0])
    lower, upper = np.array([0.3, 0.1, 0.0]), np.array([0.5, 0.3, 0.1])
    theory = {"slope −1": 40 / sizes}
    ax = plotting.error_bands(sizes, values, lower, upper, label="Z known", reference=theory)
    estimate, line = ax.get_lines()
    np.testing.assert_array_equal(estimate.get_data(), [[100, 200], [0.4, 0.2]])  # 0 has no log
    np.testing.assert_array_equal(line.get_ydata(), 40 / sizes)
    assert line.get_linestyle() != estimate.get_linestyle()
    assert [drawn.get_label() for drawn in (estimate, line)] == ["Z known", "slope −1"]
    corners = ax.collections[0].get_paths()[0].vertices
    for size, low, high in zip(sizes, lower, upper, strict=True):
        assert {low, high} <= set(corners[corners[:, 0] == size, 1])
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    ax.figure.canvas.draw()  # the band that ends at 0 breaks nothing
    assert 0 < ax.get_ylim()[0] < 0.2


M, H, B = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -1.0]), np.array([1.0, 2.0])


def arrows_of(ax):
    return {
        arrow.get_label(): np.array([arrow.U[0], arrow.V[0]])
        for arrow in ax.collections
        if hasattr(arrow, "U")
    }


def test_at_an_active_optimum_gradient_and_normal_point_the_same_way():
    from mixcore import solve_constrained_quadratic

    x = solve_constrained_quadratic(M, H, B, 3.0).x
    ax = plotting.quadratic_with_constraint(M, H, B, 3.0, x)
    arrows = arrows_of(ax)
    np.testing.assert_allclose(arrows["gradient of the objective"], arrows["b"], rtol=1e-8)
    np.testing.assert_allclose(arrows["b"][1] / arrows["b"][0], 2)
    marks = {line.get_label(): np.ravel(line.get_data()) for line in ax.get_lines()}
    np.testing.assert_array_equal(marks["x"], x)
    np.testing.assert_allclose(2 * M @ marks["minimum without the constraint"], -H)
    values, border = ax.collections[:2]
    np.testing.assert_allclose(border.get_paths()[0].vertices @ B, 3, atol=1e-9)
    for level, path in zip(values.levels, values.get_paths(), strict=True):
        height = np.einsum("ni,ij,nj->n", path.vertices, M, path.vertices) + path.vertices @ H
        np.testing.assert_allclose(height, level, atol=0.01)


def test_only_the_forbidden_side_is_shaded():
    ax = plotting.quadratic_with_constraint(M, H, B, 0.0, [0.0, 0.0], extent=(-2, 2, -2, 2))
    shade = ax.collections[2]
    vertices = np.concatenate([path.vertices for path in shade.get_paths()])
    assert (vertices @ B).max() < 1e-9
    np.testing.assert_allclose((vertices @ B).min(), -6)


def test_an_inactive_constraint_leaves_no_gradient():
    from mixcore import solve_constrained_quadratic

    x = solve_constrained_quadratic(M, H, B, -100.0).x
    ax = plotting.quadratic_with_constraint(M, H, B, -100.0, x)
    assert list(arrows_of(ax)) == ["b"]
    assert len(ax.collections) == 2  # lines of equal value and b: the border is far away


def test_dual_curve_marks_the_best_multiplier():
    ax = plotting.dual_curve([0.0, 1.0, 2.0], [1.0, 3.0, 2.0], best=(1.2, 3.1), primal=3.1)
    curve, primal, best = ax.get_lines()
    np.testing.assert_array_equal(curve.get_data(), [[0, 1, 2], [1, 3, 2]])
    assert list(primal.get_ydata()) == [3.1, 3.1]
    assert list(np.ravel(best.get_data())) == [1.2, 3.1]
    assert best.get_label() == "largest value, at λ = 1.2"


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plotting.image_grid(np.zeros((2, 3, 3)), ax=ax),
        lambda ax: plotting.centers_path(np.zeros((2, 1, 2)), ax=ax),
        lambda ax: plotting.means_path(np.zeros((2, 1, 2)), [[0, 0]], ax=ax),
        lambda ax: plotting.chain_paths(np.zeros((2, 1, 2)), ax=ax),
        lambda ax: plotting.cluster_regions([[0, 0], [1, 1]], ax=ax),
        lambda ax: plotting.inertia_curve([2.0, 1.0], ax=ax),
        lambda ax: plotting.step_norm_curve([2.0, 1.0], ax=ax),
        lambda ax: plotting.acceptance_curve([2.0], [1.0], ax=ax),
        lambda ax: plotting.selection_curves([1, 2], {"BIC": [2.0, 1.0]}, ax=ax),
        lambda ax: plotting.error_bands([1, 2], [2.0, 1.0], [1, 1], [3, 2], ax=ax),
        lambda ax: plotting.quadratic_with_constraint(M, H, B, 0.0, [0, 0], ax=ax),
        lambda ax: plotting.dual_curve([0.0, 1.0], [1.0, 0.0], ax=ax),
    ],
)
def test_every_figure_is_drawn_into_the_given_axes(draw):
    _, (left, right) = plt.subplots(1, 2)
    assert draw(left) is left
    assert [*right.lines, *right.collections, *right.images] == []
    left.figure.canvas.draw()


def test_player_holds_every_frame():
    animation = plotting.player(
        lambda ax, t: ax.plot([0, t]), 3, alt='A "line" <grows>.', captions=["a", "</script>", "c"]
    )
    page = animation._repr_html_()
    assert page.count("data:image/png;base64,") == 3 + 2  # frames, the first and the still
    assert "A &quot;line&quot; &lt;grows&gt;." in page
    assert page.count("</script>") == 1
    captions = re.search(r"captions = (\[.*?\]);", page).group(1)
    assert json.loads(captions) == ["a", "</script>", "c"]
    assert "http" not in page.replace("http-equiv", "")
    assert animation.frames[0] != animation.frames[2]
    assert not plt.get_fignums()


def test_player_keeps_the_colours_of_small_marks():
    def draw(ax, t):
        ax.imshow(np.linspace(0, 1, 200).reshape(10, 20), cmap="Greys")
        for j, colour in enumerate(plotting.COLOURS):
            ax.plot(2 + 3 * j, 5, "o", color=colour, markersize=5)

    frame = plotting.player(draw, 1, alt="Six dots on shades of grey.").frames[0]
    pixels = plt.imread(io.BytesIO(frame))[..., :3].reshape(-1, 3)
    for colour in plotting.COLOURS:
        assert np.abs(pixels - to_rgb(colour)).max(axis=1).min() < 0.08, colour


def test_player_repeats_byte_for_byte(tmp_path):
    a, b = (plotting.player(lambda ax, t: ax.plot([0, t]), 2, alt="A line.") for _ in range(2))
    assert a.frames == b.frames
    a.save_still(tmp_path / "still.png")
    assert (tmp_path / "still.png").read_bytes() == a.frames[-1]


def test_neighbouring_colours_differ_for_colour_blind_readers():
    """Simulate red-green blindness: drop the red-green axis and compare what is left."""
    linear = np.array([to_rgb(c) for c in plotting.COLOURS]) ** 2.2
    # Viénot, Brettel and Mollon (1999), deuteranopia, in linear RGB.
    deutan = np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]])
    seen = np.clip(linear @ deutan.T, 0, 1) ** (1 / 2.2)
    first_three = seen[:3]
    gaps = [np.linalg.norm(first_three[i] - first_three[j]) for i, j in [(0, 1), (0, 2), (1, 2)]]
    assert min(gaps) > 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plotting.scatter([1.0, 2.0]), "1 columns; this figure is for points in the plane"),
        (lambda: plotting.scatter([[0, 0]], [0, 1]), "one label a point"),
        (lambda: plotting.scatter([[0, np.nan]]), "x holds nan"),
        (lambda: plotting.responsibility_scatter([[0, 0]], [0.5]), "one row a point"),
        (
            lambda: plotting.density_1d(PLANE),
            "2 dimensions; this figure is for 1",
        ),
        (lambda: plotting.density_contours(LINE), "1 dimensions; this figure is for the plane"),
        (lambda: plotting.covariance_ellipses(LINE), "1 dimensions; this figure is for the plane"),
        (lambda: plotting.covariance_ellipses(PLANE, colours=["k"] * 2), "one a component, 1"),
        (lambda: plotting.em_panels([[0, 0]], [(PLANE, None)], []), "0 entries for 1 panels"),
        (lambda: plotting.log_likelihood_curve([np.nan]), "log_likelihoods holds nan"),
        (lambda: plotting.parameter_traces([1.0, 2.0]), "traces has shape"),
        (lambda: plotting.parameter_traces([[1.0, 2.0]], truth=[1.0]), "truth has shape"),
        (lambda: plotting.player(print, 0, alt="x"), "n_frames is 0"),
        (lambda: plotting.player(print, 2, alt=" "), "alt is empty"),
        (lambda: plotting.player(print, 2, alt="x", captions=["a"]), "1 entries for 2 frames"),
        (lambda: plotting.component_colours(0), "k is 0"),
        (lambda: plotting.image_grid(np.zeros((2, 9))), "one image a row and its image_shape"),
        (lambda: plotting.image_grid(np.zeros((2, 9)), image_shape=(2, 4)), "images of 2 x 4"),
        (lambda: plotting.image_grid(np.zeros((0, 3, 3))), "one or more"),
        (lambda: plotting.image_grid(np.zeros((2, 3, 3)), titles=["a"]), "1 entries for 2 images"),
        (lambda: plotting.centers_path(np.zeros((3, 2))), r"centers_history has shape \(3, 2\)"),
        (lambda: plotting.means_path(np.zeros((3, 2, 3))), "for paths in the plane"),
        (lambda: plotting.chain_paths(np.zeros((3, 2, 2)), n_shown=0), "n_shown is 0"),
        (lambda: plotting.cluster_regions([[0, 0, 0]]), "3 columns"),
        (lambda: plotting.inertia_curve([3.0, 2.0, 1.0]), "two values an iteration"),
        (lambda: plotting.step_norm_curve([-1.0]), "lengths that are not negative"),
        (lambda: plotting.step_norm_curve([1.0], window=2), "window is 2 but there are only 1"),
        (lambda: plotting.acceptance_curve([1.0], [0.5, 0.5]), "give one rate a step"),
        (lambda: plotting.acceptance_curve([0.0], [0.5]), "steps holds 0"),
        (lambda: plotting.acceptance_curve([1.0], [57.4]), r"not in \[0, 1\]"),
        (lambda: plotting.selection_curves([1], {}), "scores is empty"),
        (lambda: plotting.selection_curves([1, 2], {"BIC": [1.0]}), "give one score a candidate"),
        (lambda: plotting.error_bands([1, 2], [1], [1], [1]), "give one number a size"),
        (lambda: plotting.error_bands([2, 1], [1, 1], [1, 1], [1, 1]), "sizes must be positive"),
        (lambda: plotting.error_bands([1], [2], [0], [1]), "between its lower and its upper"),
        (lambda: plotting.error_bands([1], [-2], [-3], [1]), "values holds -2"),
        (
            lambda: plotting.quadratic_with_constraint(np.eye(3), [0] * 3, [1] * 3, 0, [0] * 3),
            "this figure is for the plane",
        ),
        (lambda: plotting.dual_curve([0.0, 1.0], [1.0]), "multipliers has shape"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
