"""What the TensorFlow Datasets builders of the course share, and how their sets are read."""

import contextlib
import hashlib
import importlib.metadata
import io
import os
from pathlib import Path

import absl.logging
import numpy as np
import tensorflow_datasets as tfds

from mixcore.gaussian_mixture import GaussianMixture


class CourseBuilder(tfds.core.GeneratorBasedBuilder):
    """A set in ArrayRecord format, in the order in which it was made."""

    VERSION = tfds.core.Version("1.0.0")
    FEATURE_NAMES: tuple[str, ...] = ("x₁", "x₂")
    TRUTH: GaussianMixture | None = None
    DESCRIPTION = ""
    CITATION = ""
    # A set with more than one part has one configuration a part: each is prepared alone.
    PARTS: tuple[str, ...] = ("train",)

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.DESCRIPTION,
            citation=self.CITATION,
            features=tfds.features.FeaturesDict(self.features()),
            disable_shuffling=True,
        )

    @property
    def part(self):
        """Name of the part that this builder makes."""
        return self.builder_config.name if self.BUILDER_CONFIGS else "train"

    def _split_generators(self, dl_manager):
        return {self.part: self._generate_examples()}

    def fetch(self, timeout):
        """Bring in the files that the set is made from; most sets need none."""

    @classmethod
    def fields(cls, records):
        """Return the fields of a Dataset that are made from the records."""
        raise NotImplementedError


def packaged_table(package, path, sha256, title, *, skiprows=0):
    """Return a table (n, d) of numbers that comes with an installed package.

    ``sha256`` is that of the values as little-endian float64, row by row: a changed copy must not
    pass.
    """
    remedy = "pip install 'mixture-course[reading]'"
    try:
        file = Path(str(importlib.metadata.distribution(package).locate_file(path)))
        table = np.loadtxt(file, delimiter=",", skiprows=skiprows, ndmin=2)
    except (importlib.metadata.PackageNotFoundError, FileNotFoundError) as error:
        raise ImportError(
            f"the {title} table comes with the package {package} ({error}); "
            f"install it with {remedy}"
        ) from error
    found = hashlib.sha256(table.astype("<f8").tobytes()).hexdigest()
    if found != sha256:
        raise ValueError(
            f"{file} does not hold the known {title} table (SHA-256 {found}); "
            f"install the tested version with pip install -c constraints.txt {package}"
        )
    return table


@contextlib.contextmanager
def _quiet():
    """Keep the library's notices away from notebooks: a set is ready in a second or two.

    nbgrader takes anything on stderr in a check for a failure.
    """
    verbosity = absl.logging.get_verbosity()
    absl.logging.set_verbosity(absl.logging.ERROR)
    tfds.disable_progress_bar()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        tfds.enable_progress_bar()
        absl.logging.set_verbosity(verbosity)


def read(builder_class, part, data_dir, timeout):
    """Return the records of a part as a list, preparing it first where it is not there yet.

    ``timeout`` is how many seconds the network has to answer, where a set needs it.
    """
    if data_dir is None:
        data_dir = os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets"
    folder = Path(data_dir).expanduser()

    def open_builder():
        config = part if builder_class.BUILDER_CONFIGS else None
        builder = builder_class(config=config, data_dir=str(folder), file_format="array_record")
        return builder, builder.is_prepared()

    with _quiet():
        builder, prepared = open_builder()
    if not prepared:
        builder.fetch(timeout)  # may show its progress
        with _quiet():
            try:
                builder.download_and_prepare()
            except Exception:
                # Another process may have prepared the set meanwhile: kernels start side by side.
                if not open_builder()[1]:
                    raise
            builder, _ = open_builder()
    with _quiet():
        return list(builder.as_data_source(split=part))
