"""Every data set of the course, through one door built on TensorFlow Datasets.

:func:`load` prepares a set on first use into the user's TensorFlow Datasets folder
(``~/tensorflow_datasets``, or the folder named by the environment variable ``TFDS_DATA_DIR``) and
reads it from there afterwards.  TensorFlow itself is not needed.  The synthetic sets are drawn from
fixed seeds; the Old Faithful table is read from the installed package plotnine, which carries R's
copy, and the small digits from scikit-learn.

Only MNIST needs a network, once.  Where there is none, put these files into the folder
``downloads/manual/mnist`` of the TensorFlow Datasets folder, or into a folder of your choice named
by the environment variable ``MIXCORE_MNIST_DIR``:

- for ``load("mnist")``: ``train-images-idx3-ubyte.gz`` and ``train-labels-idx1-ubyte.gz``;
- for ``load("mnist", split="test")``: ``t10k-images-idx3-ubyte.gz`` and
  ``t10k-labels-idx1-ubyte.gz``.

Their SHA-256 is checked, however they came.  :func:`load_images` takes MNIST where it can be had
and scikit-learn's digits elsewhere.

References
----------
TensorFlow Datasets, https://www.tensorflow.org/datasets, and its ArrayRecord file format.
"""

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mixcore import _prepared_sets
from mixcore._validation import as_choice, as_nonnegative

if TYPE_CHECKING:
    # Graded notebooks see this module without the reference solutions.
    from mixcore.gaussian_mixture import GaussianMixture

__all__ = ["Dataset", "load", "load_images", "names"]

# Seconds that the mirrors of MNIST have to answer when a caller wants MNIST and nothing else.
_PATIENCE = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set of the course.

    Attributes
    ----------
    name : str
        Name given to :func:`load`.
    x : ndarray, shape (n, d)
        Points; for images, uint8 with 1 where the grey value is above 0.5 and 0 elsewhere, row by
        row.
    labels : ndarray of int, shape (n,), or None
        Component that produced each point, or digit that an image shows, where there is one.
    feature_names : tuple of str
        One name a column, with its unit in brackets where it has one.
    truth : GaussianMixture or None
        Mixture the points were drawn from, where there is one.
    description : str
        What the set is and where it comes from.
    split : {"train", "test"}
        Part of the set; "train" for sets in one piece.
    image_shape : (int, int) or None
        Height and width in pixels, for images.
    grey_levels : ndarray of uint8, shape (n, d), or None
        Grey levels of the images as they were scanned, from 0, the paper, to ``full_level``, ink.
    full_level : int or None
        Highest grey level, for images.
    notice : str
        One line that says which set :func:`load_images` took, and why; empty otherwise.
    """

    name: str
    x: np.ndarray
    labels: np.ndarray | None
    feature_names: tuple[str, ...]
    truth: "GaussianMixture | None"
    description: str
    split: str = "train"
    image_shape: tuple[int, int] | None = None
    grey_levels: np.ndarray | None = None
    full_level: int | None = None
    notice: str = ""

    @property
    def images(self):
        """Grey values in [0, 1], float32 (n, height, width), made anew at each call, or None."""
        if self.grey_levels is None:
            return None
        images = self.grey_levels.reshape(-1, *self.image_shape)  # (n, height, width)
        return images.astype(np.float32) / self.full_level


def names():
    """Return the names that :func:`load` knows.

    Returns
    -------
    tuple of str
        In alphabetical order.

    Examples
    --------
    >>> "old_faithful" in names()
    True
    """
    return tuple(sorted(_builders().BUILDERS))


def load(name, *, split="train", data_dir=None):
    """Return a data set, prepared on first use.

    Parameters
    ----------
    name : str
        One of :func:`names`.
    split : {"train", "test"}
        Part of the set.  Only MNIST has a test part, of 10,000 images; the two parts are fetched
        and prepared one without the other.
    data_dir : path-like, optional
        Folder of TensorFlow Datasets.  The default is ``TFDS_DATA_DIR`` or
        ``~/tensorflow_datasets``.

    Returns
    -------
    Dataset
        The points in their original order, with labels and true mixture where there are any.

    Raises
    ------
    ValueError
        If the name is not known or the set has no such part.
    ImportError
        If TensorFlow Datasets, or the package that carries the table, is not installed.
    OSError
        If the folder cannot be written, or MNIST can neither be found nor downloaded, or a file of
        it is not the known one.

    Examples
    --------
    >>> faithful = load("old_faithful")
    >>> faithful.x.shape, faithful.feature_names
    ((272, 2), ('eruption duration (min)', 'waiting time (min)'))
    >>> digits = load("digits")
    >>> digits.x.shape, digits.images.shape
    ((1797, 64), (1797, 8, 8))
    """
    return _load(name, split, data_dir, _PATIENCE)


def load_images(source="auto", *, data_dir=None, timeout=1.5):
    """Return handwritten digits: MNIST where it can be had, else scikit-learn's digits.

    Parameters
    ----------
    source : {"auto", "mnist", "digits"}
        "mnist" and "digits" are those of :func:`load`.  "auto" takes the first of these that can
        be had: the 60,000 training images of MNIST, prepared, put there by hand or downloaded; its
        10,000 test images, prepared or put there by hand; scikit-learn's 1,797 digits.
    data_dir : path-like, optional
        As for :func:`load`.
    timeout : float
        With "auto", how many seconds the network has to answer; 0 leaves it alone.

    Returns
    -------
    Dataset
        Its ``notice`` says which set it is; ``image_shape`` is (28, 28) or (8, 8).

    Raises
    ------
    ValueError
        If ``source`` is not known or ``timeout`` is negative.
    ImportError
        As for :func:`load`.
    OSError
        As for :func:`load`; with "auto" only if the folder cannot be written.

    Examples
    --------
    >>> load_images("digits").notice
    'digits: 1,797 images of 8 x 8 pixels'
    """
    as_choice(source, "source", ("auto", "mnist", "digits"))
    timeout = as_nonnegative(timeout, "timeout")
    if source == "auto":
        dataset, reason = _first_images(data_dir, timeout)
    else:
        dataset, reason = load(source, data_dir=data_dir), ""
    height, width = dataset.image_shape
    part = " of the test part" if dataset.split == "test" else ""
    count = f"{len(dataset.x):,} images{part} of {height} x {width} pixels"
    dataset = replace(dataset, notice=f"{dataset.name}: {count}{reason}")
    _log.info(dataset.notice)
    return dataset


def _first_images(data_dir, timeout):
    try:
        return _load("mnist", "train", data_dir, timeout), ""
    except OSError as error:
        _log.info("the training images of MNIST: %s", error)
    missing = 'the training images of MNIST could not be had (load("mnist") says why)'
    try:
        return _load("mnist", "test", data_dir, 0), f", because {missing}"
    except OSError as error:
        _log.info("the test images of MNIST: %s", error)
    return _load("digits", "train", data_dir, 0), f" from scikit-learn, because {missing}"


def _load(name, split, data_dir, timeout):
    module = _builders()
    if name not in module.BUILDERS:
        raise ValueError(f"there is no data set {name!r}; choose one of {', '.join(names())}")
    builder_class = module.BUILDERS[name]
    if split not in builder_class.PARTS:
        parts = " or ".join(map(repr, builder_class.PARTS))
        raise ValueError(f"{name} has no part {split!r}; split must be {parts}")
    records = module.read(builder_class, split, data_dir, timeout)
    return Dataset(
        name=name,
        feature_names=builder_class.FEATURE_NAMES,
        truth=builder_class.TRUTH,
        description=builder_class.DESCRIPTION,
        split=split,
        **builder_class.fields(records),
    )


def _builders():
    if _prepared_sets.BUILDERS:
        return _prepared_sets
    # TensorFlow Datasets takes half a second to import: only when a set is asked for.
    try:
        from mixcore import _dataset_builders
    except ImportError as error:
        raise ImportError(
            f"the data sets need TensorFlow Datasets and ArrayRecord ({error}); install them with "
            "pip install 'mixture-course[reading]'. ArrayRecord has no build for Windows: there, "
            "install the package from the students' zip, which carries the sets"
        ) from error
    return _dataset_builders
