"""k-means beside scikit-learn's Lloyd: whole fits from the same centres."""

from benchmarks.data import name_of, points, sizes
from benchmarks.measure import Case, compare, require, timed
from mixcore import kmeans as our_kmeans


def whole_fit(n, d, k):
    """Time k-means from given centres until no label changes."""
    from sklearn.cluster import KMeans

    x, centers = points(n, d, k)

    def ours():
        return our_kmeans(x, k, init=centers, tol=0, max_iter=1000)

    def peer():
        model = KMeans(k, init=centers, n_init=1, algorithm="lloyd", tol=0, max_iter=1000)
        return model.fit(x)

    def check(our_result, model):
        require(our_result.converged, "our k-means did not converge")
        differing = int((our_result.labels != model.labels_).sum())
        require(differing == 0, f"{differing} labels differ")
        gap = abs(our_result.inertia / model.inertia_ - 1)
        require(gap < 1e-9, f"sums of squares differ by {gap:.2g}")
        return "labels equal, sums of squares agree to 1e-9"

    return compare(lambda: timed(ours), lambda: timed(peer), check)


def kmeans(quick):
    """Whole fits."""
    for size in sizes(quick):
        yield Case(
            "kmeans-" + "-".join(map(str, size)),
            f"k-means, {name_of(*size)}",
            "scikit-learn",
            ("ratio", ">=", 1),
            lambda size=size: whole_fit(*size),
        )
