r"""Labels of components carry no meaning: match them before comparing.

A mixture does not change when its components are renumbered.  An estimate is therefore compared
with the truth only after its components are put into the order that makes the total squared
distance between the means smallest.  Finding that order is the linear assignment problem.

References
----------
H. W. Kuhn, "The Hungarian method for the assignment problem", *Naval Research Logistics Quarterly*
2 (1955) 83-97.
"""

from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from mixcore._validation import as_points

__all__ = ["match_components", "matched_error"]


def _squared_distances(estimated_means, true_means):
    estimated = as_points(estimated_means, name="estimated_means")
    true = as_points(true_means, name="true_means")
    if estimated.shape != true.shape:
        raise ValueError(
            f"estimated_means has shape {estimated.shape} and true_means {true.shape}; "
            "both must be (k, d) with the same k and d"
        )
    return cdist(true, estimated, "sqeuclidean")  # (k, k), rows are true components


def match_components(estimated_means, true_means):
    r"""Return the order of the estimated components that fits the true ones best.

    Parameters
    ----------
    estimated_means, true_means : array_like, shape (k, d)
        Means of the components.

    Returns
    -------
    ndarray of int, shape (k,)
        The permutation :math:`s` that minimises
        :math:`\sum_k \lVert \hat\mu_{s(k)} - \mu_k \rVert^2`, so that
        ``estimated_means[permutation]`` lies beside ``true_means``.

    Raises
    ------
    ValueError
        If the shapes differ or a value is NaN or infinite.

    References
    ----------
    Kuhn (1955).

    Examples
    --------
    >>> match_components([[3.0, 3.1], [0.1, 0.0]], [[0.0, 0.0], [3.0, 3.0]])
    array([1, 0])
    """
    return linear_sum_assignment(_squared_distances(estimated_means, true_means))[1]


def matched_error(estimated_means, true_means):
    r"""Return the squared error of the means under the best matching.

    Parameters
    ----------
    estimated_means, true_means : array_like, shape (k, d)
        Means of the components.

    Returns
    -------
    float
        :math:`\min_s \sum_k \lVert \hat\mu_{s(k)} - \mu_k \rVert^2`, in squared units of the means.

    Raises
    ------
    ValueError
        If the shapes differ or a value is NaN or infinite.

    References
    ----------
    Kuhn (1955).

    Examples
    --------
    >>> matched_error([[3.0], [0.5]], [[0.0], [3.0]])
    0.25
    """
    distances = _squared_distances(estimated_means, true_means)
    return float(distances[linear_sum_assignment(distances)].sum())
