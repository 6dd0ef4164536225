"""Draw the picture of the README: six moments of EM on Old Faithful.

Usage: ``python scripts/readme_picture.py [FILE]``; the default file is the one in the repository.
"""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np

from mixcore import GaussianMixture, datasets, fit_gaussian_mixture, plotting

PICTURE = Path(__file__).resolve().parents[1] / "book" / "images" / "old-faithful-em.png"


def draw(path):
    """Write the picture to a PNG file."""
    x = datasets.load("old_faithful").x
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    start = GaussianMixture(
        [0.5, 0.5], [[-1.5, 1.0], [1.5, -1.0]], np.broadcast_to(0.25 * np.eye(2), (2, 2, 2))
    )
    steps = []
    fit_gaussian_mixture(
        x, 2, init=start, max_iter=15, tol=0, callback=lambda _, mixture: steps.append(mixture)
    )
    panels = [(start, None), (start, start)] + [(steps[t], steps[t]) for t in (1, 3, 5, 15)]
    titles = ["start", "first E-step", *[f"iteration {t}" for t in (1, 3, 5, 15)]]
    names = ("duration (standardised)", "waiting time (standardised)")
    axes = plotting.em_panels(x, panels, titles, feature_names=names)
    axes[0, 0].figure.savefig(path, dpi=80, metadata={"Software": None})
    plt.close(axes[0, 0].figure)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    target.parent.mkdir(parents=True, exist_ok=True)
    draw(target)
    print(f"drew {target}")
