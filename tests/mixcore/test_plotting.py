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
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
