"""Every data set of the course, through one door built on TensorFlow Datasets.

:func:`load` prepares a set on first use into the user's TensorFlow Datasets folder
(``~/tensorflow_datasets``, or the folder named by the environment variable ``TFDS_DATA_DIR``) and
reads it from there afterwards.  TensorFlow itself is not needed, and none of these sets needs a
network: the synthetic ones are drawn from fixed seeds, and the Old Faithful table is read from the
installed package plotnine, which carries R's copy.

References
----------
TensorFlow Datasets, https://www.tensorflow.org/datasets, and its ArrayRecord file format.
"""

from dataclasses import dataclass

import numpy as np

from mixcore.gaussian_mixture import GaussianMixture

__all__ = ["Dataset", "load", "names"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set of the course.

    Attributes
    ----------
    name : str
        Name given to :func:`load`.
    x : ndarray, shape (n, d)
        Points.
    labels : ndarray of int, shape (n,), or None
        Component that produced each point, where there is one.
    feature_names : tuple of str
        One name a column, with its unit in brackets where it has one.
    truth : GaussianMixture or None
        Mixture the points were drawn from, where there is one.
    description : str
        What the set is and where it comes from.
    """

    name: str
    x: np.ndarray
    labels: np.ndarray | None
    feature_names: tuple[str, ...]
    truth: GaussianMixture | None
    description: str


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


def load(name, *, data_dir=None):
    """Return a data set, prepared on first use.

    Parameters
    ----------
    name : str
        One of :func:`names`.
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
        If the name is not known.
    ImportError
        If TensorFlow Datasets, or the package that carries the table, is not installed.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> faithful = load("old_faithful")
    >>> faithful.x.shape, faithful.feature_names
    ((272, 2), ('eruption duration (min)', 'waiting time (min)'))
    """
    module = _builders()
    if name not in module.BUILDERS:
        raise ValueError(f"there is no data set {name!r}; choose one of {', '.join(names())}")
    builder_class = module.BUILDERS[name]
    records = module.read(builder_class, data_dir)
    x = np.array([record["x"] for record in records])  # (n, d)
    labels = np.array([record["label"] for record in records])  # (n,), -1 where there is none
    return Dataset(
        name=name,
        x=x,
        labels=labels if labels.min() >= 0 else None,
        feature_names=builder_class.FEATURE_NAMES,
        truth=builder_class.TRUTH,
        description=builder_class.DESCRIPTION,
    )


def _builders():
    # TensorFlow Datasets takes half a second to import: only when a set is asked for.
    try:
        from mixcore import _dataset_builders
    except ImportError as error:
        raise ImportError(
            f"the data sets need TensorFlow Datasets and ArrayRecord ({error}); install them with "
            "pip install 'mixture-course[reading]'. ArrayRecord has no build for Windows: "
            "there, use the Windows Subsystem for Linux"
        ) from error
    return _dataset_builders
