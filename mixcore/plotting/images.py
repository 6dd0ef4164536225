"""Figures of images: examples, cluster means and samples of a model."""

from matplotlib.patches import Rectangle

from mixcore._validation import as_array, as_count
from mixcore.plotting.style import NEUTRAL, axes_or_current

__all__ = ["image_grid"]

# Space between two images, and for a title above one, in widths and heights of an image.
_GAP, _TITLE = 0.12, 0.3


def image_grid(
    images,
    *,
    image_shape=None,
    titles=None,
    n_columns=None,
    ax=None,
    limits=(0.0, 1.0),
    label="grey value",
):
    """Draw images side by side, row by row, in one scale of grey.

    Parameters
    ----------
    images : array_like, shape (n, height, width) or (n, height * width)
        Grey values, drawn from white at the lower limit to black at the upper.
    image_shape : (int, int), optional
        Height and width; needed where each image is one row.
    titles : list of str, optional
        One line above each image.
    n_columns : int, optional
        Images in a row; at most ten by default.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    limits : (float, float)
        Values drawn as white and as black.
    label : str or None
        Label of the scale beside the images, for example "probability of ink"; None leaves the
        scale out.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the images do not have the named shape, or there is not one title an image.
    """
    ax, images = axes_or_current(ax), _as_images(images, image_shape)
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"titles has {len(titles)} entries for {len(images)} images")
    n_columns = min(len(images), 10) if n_columns is None else as_count(n_columns, "n_columns")
    _, height, width = images.shape
    across, down = width * (1 + _GAP), height * (1 + (_GAP if titles is None else _TITLE))
    for i, image in enumerate(images):
        left, top = across * (i % n_columns), down * (i // n_columns)
        extent = (left, left + width, top + height, top)
        shown = ax.imshow(image, cmap="Greys", vmin=limits[0], vmax=limits[1], extent=extent)
        ax.add_patch(
            Rectangle((left, top), width, height, fill=False, edgecolor=NEUTRAL, linewidth=0.6)
        )
        if titles is not None:
            above = (left + width / 2, top - 0.06 * height)
            ax.text(*above, titles[i], ha="center", va="bottom", fontsize="small")
    n_rows, first_title = -(-len(images) // n_columns), 0.0 if titles is None else _TITLE * height
    ax.set(
        xlim=(-0.02 * width, across * min(n_columns, len(images)) - (_GAP - 0.02) * width),
        ylim=(down * (n_rows - 1) + 1.02 * height, -0.02 * height - first_title),
    )
    ax.set_axis_off()
    if label is not None:
        # Inside the axes, so that the scale is as high as the images.
        ax.figure.colorbar(shown, cax=ax.inset_axes([1.03, 0, 0.03, 1]), label=label)
    return ax


def _as_images(images, image_shape):
    """Return the images as (n, height, width)."""
    images = as_array(images, "images")
    if images.ndim == 3 and image_shape is None:
        image_shape = images.shape[1:]
    if image_shape is None:
        raise ValueError(
            f"images has shape {images.shape}; give (n, height, width), or one image a row and its "
            "image_shape"
        )
    height, width = image_shape
    if images.ndim not in (2, 3) or not len(images) or images[0].size != height * width:
        raise ValueError(
            f"images has shape {images.shape}, which is not that of images of {height} x {width} "
            "pixels, one or more"
        )
    return images.reshape(-1, height, width)
