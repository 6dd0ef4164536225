"""TensorFlow Datasets builders of the course's sets of points, and the table of all sets."""

import numpy as np
import tensorflow_datasets as tfds

from mixcore._course_builder import CourseBuilder, packaged_table, read
from mixcore._image_builders import Digits, Mnist
from mixcore.gaussian_mixture import GaussianMixture

__all__ = ["BUILDERS", "read"]


class _PointsBuilder(CourseBuilder):
    """Points with an integer label, -1 where a point has none."""

    def features(self):
        return {
            # As bytes: a plain float feature is stored in single precision.
            "x": tfds.features.Tensor(
                shape=(len(self.FEATURE_NAMES),),
                dtype=np.float64,
                encoding=tfds.features.Encoding.BYTES,
            ),
            "label": tfds.features.Scalar(np.int64),
        }

    def _generate_examples(self):
        x, labels = self.points()
        for i, (point, label) in enumerate(zip(x, labels, strict=True)):
            yield i, {"x": point, "label": int(label)}

    def points(self):
        """Return points (n, d) and labels (n,)."""
        return self.TRUTH.sample(self.N, np.random.default_rng(self.SEED))

    @classmethod
    def fields(cls, records):
        labels = np.array([record["label"] for record in records])  # (n,)
        return {
            "x": np.array([record["x"] for record in records]),  # (n, d)
            "labels": labels if labels.min() >= 0 else None,
        }


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

    def points(self):
        x = packaged_table(
            "plotnine",
            "plotnine/data/faithful.csv",
            "c1528a01fabb3e454c6e9a895d099e20295b2606b76cf1c69986b3f929578705",
            "Old Faithful",
            skiprows=1,
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
        Digits,
        FourCorners,
        Mnist,
        OldFaithful,
        ThreeComponents,
        TwoGaussians1D,
        Uniform,
    )
}
