"""TensorFlow Datasets builders of the course's data sets, in ArrayRecord format."""

import contextlib
import csv
import hashlib
import importlib.metadata
import io
import os
from pathlib import Path

import absl.logging
import numpy as np
import tensorflow_datasets as tfds

from mixcore.gaussian_mixture import GaussianMixture


class _PointsBuilder(tfds.core.GeneratorBasedBuilder):
    """Points with an integer label, -1 where a point has none."""

    VERSION = tfds.core.Version("1.0.0")
    FEATURE_NAMES: tuple[str, ...] = ("x₁", "x₂")
    TRUTH: GaussianMixture | None = None
    DESCRIPTION = ""
    CITATION = ""

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.DESCRIPTION,
            citation=self.CITATION,
            features=tfds.features.FeaturesDict(
                {
                    # As bytes: a plain float feature is stored in single precision.
                    "x": tfds.features.Tensor(
                        shape=(len(self.FEATURE_NAMES),),
                        dtype=np.float64,
                        encoding=tfds.features.Encoding.BYTES,
                    ),
                    "label": tfds.features.Scalar(np.int64),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples()}

    def _generate_examples(self):
        x, labels = self.points()
        for i, (point, label) in enumerate(zip(x, labels, strict=True)):
            yield i, {"x": point, "label": int(label)}

    def points(self):
        """Return points (n, d) and labels (n,)."""
        return self.TRUTH.sample(self.N, np.random.default_rng(self.SEED))


class OldFaithful(_PointsBuilder):
    name = "mixcore_old_faithful"
    FEATURE_NAMES = ("eruption duration (min)", "waiting time (min)")
    DESCRIPTION = (
        "272 eruptions of the Old Faithful geyser in Yellowstone National Park: duration of the "
        "eruption and waiting time to the next one, both in minutes. This is the table `faithful` "
        "of R, read from the copy in the Python package plotnine."
    )
    CITATION = (
        "W. Härdle, Smoothing Techniques with Implementation in S, Springer 1991; "
        "A. Azzalini, A. W. Bowman, A look at some data on the Old Faithful geyser, "
        "Applied Statistics 39 (1990) 357-365."
    )
    # SHA-256 of the values as little-endian float64, row by row: a changed copy must not pass.
    SHA256 = "c1528a01fabb3e454c6e9a895d099e20295b2606b76cf1c69986b3f929578705"

    def points(self):
        try:
            table = importlib.metadata.distribution("plotnine").locate_file(
                "plotnine/data/faithful.csv"
            )
            with Path(str(table)).open(newline="") as file:
                x = np.array([[float(v) for v in row] for row in list(csv.reader(file))[1:]])
        except (importlib.metadata.PackageNotFoundError, FileNotFoundError) as error:
            raise ImportError(
                f"the Old Faithful table comes with the package plotnine ({error}); "
                "install it with pip install 'mixture-course[reading]'"
            ) from error
        found = hashlib.sha256(x.astype("<f8").tobytes()).hexdigest()
        if found != self.SHA256:
            raise ValueError(
                f"{table} does not hold the known Old Faithful table (SHA-256 {found}); "
                "install the tested version with pip install -c constraints.txt plotnine"
            )
        return x, np.full(len(x), -1)


class BlobsSeparated(_PointsBuilder):
    name = "mixcore_blobs_separated"
    DESCRIPTION = "500 points in 4 well separated round blobs of equal weight, drawn by the course."
    TRUTH = GaussianMixture.isotropic([[-5, -5], [-5, 5], [5, -5], [5, 5]])
    N, SEED = 500, 1


class BlobsOverlapping(_PointsBuilder):
    name = "mixcore_blobs_overlapping"
    DESCRIPTION = "500 points in 3 overlapping blobs with different covariances and weights."
    TRUTH = GaussianMixture(
        [0.5, 0.3, 0.2],
        [[0.0, 0.0], [3.0, 1.0], [1.0, 4.0]],
        [[[2.0, 1.2], [1.2, 1.5]], [[0.5, -0.3], [-0.3, 1.5]], [[2.5, 0.0], [0.0, 0.3]]],
    )
    N, SEED = 500, 2


class BlobsMany(_PointsBuilder):
    name = "mixcore_blobs_many"
    DESCRIPTION = "500 points in 8 blobs of equal weight, on two rows, for k-means with k = 8."
    TRUTH = GaussianMixture.isotropic(
        [[4.0 * i, 5.0 * j] for j in range(2) for i in range(4)], sigma=0.6**0.5
    )
    N, SEED = 500, 3


class Uniform(_PointsBuilder):
    name = "mixcore_uniform"
    DESCRIPTION = "500 points spread evenly over the unit square: there are no clusters to find."
    N, SEED = 500, 4

    def points(self):
        x = np.random.default_rng(self.SEED).uniform(size=(self.N, 2))
        return x, np.full(self.N, -1)


class ThreeComponents(_PointsBuilder):
    name = "mixcore_three_components"
    DESCRIPTION = (
        "900 points from a mixture of 3 Gaussians in the plane with unit variances, correlations "
        "0.5, 0 and -0.5, and weights 0.3, 0.5 and 0.2."
    )
    TRUTH = GaussianMixture(
        [0.3, 0.5, 0.2],
        [[-4.0, 0.0], [0.0, 4.0], [4.0, 0.0]],
        [[[1.0, 0.5], [0.5, 1.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, -0.5], [-0.5, 1.0]]],
    )
    N, SEED = 900, 5


class TwoGaussians1D(_PointsBuilder):
    name = "mixcore_two_gaussians_1d"
    FEATURE_NAMES = ("x",)
    DESCRIPTION = (
        "40 points on the line from two Gaussians with means -2.5 and 3.5, both with variance 4, "
        "the first with weight 0.4."
    )
    TRUTH = GaussianMixture([0.4, 0.6], [-2.5, 3.5], [4.0, 4.0])
    N, SEED = 40, 6


class FourCorners(_PointsBuilder):
    name = "mixcore_four_corners"
    DESCRIPTION = (
        "1,000 points from 4 equally weighted Gaussians with standard deviation 1 at the corners "
        "(0,0), (0,3), (3,0) and (3,3) of a square: the running example of the course."
    )
    TRUTH = GaussianMixture.isotropic([[0, 0], [0, 3], [3, 0], [3, 3]])
    N, SEED = 1000, 7


# The prefix keeps the sets apart from others in the user's folder.
BUILDERS = {
    builder.name.removeprefix("mixcore_"): builder
    for builder in (
        BlobsMany,
        BlobsOverlapping,
        BlobsSeparated,
        FourCorners,
        OldFaithful,
        ThreeComponents,
        TwoGaussians1D,
        Uniform,
    )
}


@contextlib.contextmanager
def _quiet():
    """Keep the library's notices away from notebooks: these sets are ready in a tenth of a second.

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


def read(builder_class, data_dir=None):
    """Return the records of a set as a list, preparing it first where it is not there yet."""
    if data_dir is None:
        data_dir = os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets"
    folder = Path(data_dir).expanduser()

    def open_builder():
        return builder_class(data_dir=str(folder), file_format="array_record")

    with _quiet():
        builder = open_builder()
        if not builder.is_prepared():
            try:
                builder.download_and_prepare()
            except Exception:
                # Another process may have prepared the set meanwhile: kernels start side by side.
                if not open_builder().is_prepared():
                    raise
            builder = open_builder()
        return list(builder.as_data_source(split="train"))
