"""TensorFlow Datasets builders of the sets of handwritten digits."""

from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from mixcore import _mnist_files
from mixcore._course_builder import CourseBuilder, packaged_table

# Images a record.  With one a record, reading takes forty times as long, preparing eight times.
_CHUNK = 1000


def _pixels(image_shape):
    return tuple(f"pixel ({row}, {column})" for row, column in np.ndindex(*image_shape))


class _ImagesBuilder(CourseBuilder):
    """Grey images with the digit they show; a record holds a chunk of them."""

    IMAGE_SHAPE: tuple[int, int]
    # The grey level that stands for full ink.
    FULL: int

    def features(self):
        height, width = self.IMAGE_SHAPE
        as_bytes = tfds.features.Encoding.BYTES
        return {
            "grey": tfds.features.Tensor(
                shape=(None, height * width), dtype=np.uint8, encoding=as_bytes
            ),
            "label": tfds.features.Tensor(shape=(None,), dtype=np.uint8, encoding=as_bytes),
        }

    def _generate_examples(self):
        grey, labels = self.images()
        for i in range(0, len(grey), _CHUNK):
            yield i, {"grey": grey[i : i + _CHUNK], "label": labels[i : i + _CHUNK]}

    def images(self):
        """Return grey levels, uint8 (n, d), and labels, uint8 (n,)."""
        raise NotImplementedError

    @classmethod
    def fields(cls, records):
        grey = np.concatenate([record["grey"] for record in records])  # (n, d)
        return {
            # Grey levels are whole numbers: above half of an odd 255 means above 127.
            "x": (grey > cls.FULL // 2).view(np.uint8),
            "labels": np.concatenate([record["label"] for record in records]).astype(np.int64),
            "image_shape": cls.IMAGE_SHAPE,
            "grey_levels": grey,
            "full_level": cls.FULL,
        }


class Mnist(_ImagesBuilder):
    name = "mixcore_mnist"
    PARTS = ("train", "test")
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name=part) for part in PARTS]  # noqa: RUF012
    IMAGE_SHAPE, FULL = (28, 28), 255
    FEATURE_NAMES = _pixels(IMAGE_SHAPE)
    DESCRIPTION = (
        "MNIST: handwritten digits of 28 x 28 pixels, 60,000 for training and 10,000 for testing, "
        "binarised: 1 where the grey value, scaled to [0, 1], is above 0.5."
    )
    CITATION = (
        "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document "
        "recognition, Proceedings of the IEEE 86 (1998) 2278-2324."
    )

    def fetch(self, timeout):
        # Read here, so that a broken file is refused before anything is prepared from it.
        root = Path(self.data_dir_root)
        _mnist_files.fetch(self.part, root, timeout)
        self._images = _mnist_files.read(self.part, root)

    def images(self):
        return self._images


class Digits(_ImagesBuilder):
    name = "mixcore_digits"
    IMAGE_SHAPE, FULL = (8, 8), 16
    FEATURE_NAMES = _pixels(IMAGE_SHAPE)
    DESCRIPTION = (
        "1,797 handwritten digits of 8 x 8 pixels, read from the copy in the Python package "
        "scikit-learn and binarised: 1 where the grey value, scaled from 0..16 to [0, 1], is above "
        "0.5."
    )
    CITATION = (
        "E. Alpaydin, C. Kaynak, Optical recognition of handwritten digits, UCI Machine Learning "
        "Repository 1998, https://doi.org/10.24432/C50P49."
    )

    def images(self):
        table = packaged_table(
            "scikit-learn",
            "sklearn/datasets/data/digits.csv.gz",
            "30aa855cd90427ff3c4996b3f40109597c57049f8a038cc52db1efeac8ad2e26",
            "handwritten digits",
        ).astype(np.uint8)
        return table[:, :-1], table[:, -1]
