"""What people learn of a score from examples: least risk, and the least that explains peers.

Beliefs are linear, one row a person: weights in the units of the columns, and last the constant.
A believed cut-off of a decision ``w . x + b >= 0`` is ``-b`` on the side of the weights.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Array, InputError
from credit_ml.strategic.arrays import number, numbers

#: Numbers gathered at once when many people learn from samples of their own.
GATHERED = 4_000_000


def learn_linear_score(
    X: "ArrayLike",
    y: "ArrayLike",
    *,
    kind: Literal["logistic", "least_squares"] = "logistic",
    alpha: float = 1e-3,
) -> Array:
    """Weights and constant of least risk on labelled examples.

    ``min sum_i loss(y_i, w . z_i + b) + alpha / 2 |w|^2`` over standardised columns z, the
    constant free; given back in the units of X. With one kind of decision only, logistic weights
    are 0 and the constant is ``log((k + 1/2) / (m - k + 1/2))`` for k of m in favour.

    Cost: that of one regression on m examples.

    Parameters
    ----------
    X : array_like of shape (m, features)
    y : array_like of shape (m,)
        Decisions (0 or 1) for "logistic", scores or decisions for "least_squares".
    kind : {"logistic", "least_squares"}
    alpha : float
        Pull of the weights towards 0: at least 0; above 0 for "logistic", where separable
        examples have no least risk.

    Returns
    -------
    ndarray of shape (features + 1,)

    Raises
    ------
    InputError
        When values are missing, shapes do not fit, or an option is out of range.

    References
    ----------
    Ghalme, G., Nair, V., Eilat, I., Talgam-Cohen, I. and Rosenfeld, N. (2021). Strategic
    classification in the dark. ICML, 3672-3681.

    Examples
    --------
    >>> X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]])
    >>> learn_linear_score(X, X @ [2.0, -1.0] + 5, kind="least_squares", alpha=0).round(6).tolist()
    [2.0, -1.0, 5.0]
    """
    if kind not in ("logistic", "least_squares"):
        raise InputError("kind", f"is {kind!r}", "give 'logistic' or 'least_squares'")
    table, values = _examples(X, y)
    if kind == "least_squares":
        everybody = np.arange(len(table))[None, :]
        return np.asarray(learn_from_samples(table, values, everybody, alpha=alpha / 2)[0])
    number("alpha", alpha, least=np.finfo(float).tiny)
    if not np.isin(values, (0, 1)).all():
        raise InputError("y", "has values other than 0 and 1", "give decisions")
    if values.min() == values.max():
        favour = values.sum()
        constant = np.log((favour + 0.5) / (len(values) - favour + 0.5))
        return np.append(np.zeros(table.shape[1]), constant)
    from sklearn.linear_model import LogisticRegression

    centre, scale = _standard_units(table)
    model = LogisticRegression(C=1 / alpha, tol=1e-8, max_iter=5_000)
    model.fit((table - centre) / scale, values)
    weights = model.coef_[0] / scale
    return np.append(weights, model.intercept_[0] - weights @ centre)


def learn_from_samples(
    X: ArrayLike, y: ArrayLike, samples: ArrayLike, *, alpha: float = 1e-3
) -> Array:
    """What each person learns from a sample of their own, by ridge regression.

    ``min sum_{i in sample} (y_i - b - w . z_i)^2 + alpha |w|^2`` over columns standardised on
    everybody, the constant free. With ``alpha = 0`` the shortest of the weights that fit best.

    Cost: people x m x features^2, then one solution of features^3 a person; at most `GATHERED`
    numbers are gathered at once, and what one person learns does not depend on the others.

    Parameters
    ----------
    X : array_like of shape (everybody, features)
    y : array_like of shape (everybody,)
        Decisions or scores.
    samples : array_like of int, shape (people, m)
        Rows of X that each person sees.
    alpha : float
        Pull of the weights towards 0, at least 0.

    Returns
    -------
    ndarray of shape (people, features + 1)

    Raises
    ------
    InputError
        When values are missing, or samples name rows that do not exist.

    References
    ----------
    Ghalme, G., Nair, V., Eilat, I., Talgam-Cohen, I. and Rosenfeld, N. (2021). Strategic
    classification in the dark. ICML, 3672-3681.

    Examples
    --------
    >>> X = np.arange(6.0)[:, None]
    >>> learn_from_samples(X, 3 * X[:, 0] + 1, [[0, 5], [2, 3]], alpha=0).round(6).tolist()
    [[3.0, 1.0], [3.0, 1.0]]
    """
    table, values = _examples(X, y)
    seen = np.asarray(samples)
    if seen.ndim != 2 or seen.dtype.kind not in "iu" or not seen.shape[1]:
        raise InputError("samples", f"have shape {seen.shape}", "give rows of X, (people, m)")
    if seen.size and not 0 <= seen.min() <= seen.max() < len(table):
        raise InputError("samples", "name rows that X lacks", f"give 0 to {len(table) - 1}")
    number("alpha", alpha)
    centre, scale = _standard_units(table)
    units, features = (table - centre) / scale, table.shape[1]
    found = np.empty((len(seen), features + 1))
    step = max(1, GATHERED // max(1, seen.shape[1] * (features + 1)))
    for first in range(0, len(seen), step):
        rows = seen[first : first + step]
        theirs, answers = units[rows], values[rows]
        middle, level = theirs.mean(axis=1), answers.mean(axis=1)
        apart = theirs - middle[:, None, :]
        turned = apart.swapaxes(1, 2)
        moment = (turned @ (answers - level[:, None])[..., None])[..., 0]
        weights = _ridge_solved(turned @ apart, moment, alpha)
        own = weights / scale
        constant = level - (weights * middle).sum(axis=-1) - own @ centre
        found[first : first + step] = np.concatenate([own, constant[..., None]], axis=-1)
    return found


def minimum_norm(
    X_peers: ArrayLike, scores_peers: ArrayLike, *, groups: ArrayLike | None = None
) -> Array:
    """Shortest weights that explain peers' scores: the part of the truth that peers can show.

    ``w = X^+ s``. Where ``s = X w*``, it is the projection of w* on the span of the peers'
    records: a direction in which no peer differs from nought is believed not to count.

    Cost: one singular value decomposition a group.

    Parameters
    ----------
    X_peers : array_like of shape (peers, features) or (groups, peers, features)
        In units in which lengths mean something, such as standard deviations.
    scores_peers : array_like of shape (peers,) or (groups, peers)
        Without a constant.
    groups : array_like of int, shape (peers,), optional
        Codes from 0, for groups of unequal size; X is then of shape (peers, features).

    Returns
    -------
    ndarray of shape (features,) or (groups, features)
        A group without members believes that nothing counts.

    Raises
    ------
    InputError
        When values are missing or shapes do not fit.

    References
    ----------
    Bechavod, Y., Podimata, C., Wu, Z. S. and Ziani, J. (2022). Information discrepancy in
    strategic learning. ICML, 1691-1715.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    >>> minimum_norm(X, X @ [3.0, -1.0, 7.0]).round(6).tolist()
    [3.0, -1.0, 0.0]
    """
    table = numbers("X_peers", X_peers, ("peers", "features"), ("groups", "peers", "features"))
    values = numbers("scores_peers", scores_peers, table.shape[:-1])
    if groups is None:
        # Relative to the largest singular value, as numpy.linalg.matrix_rank takes it.
        cut = max(table.shape[-2:]) * np.finfo(np.float64).eps
        inverse = np.linalg.pinv(table, rtol=cut)
        return np.asarray((inverse @ values[..., None])[..., 0], dtype=np.float64)
    codes = np.asarray(groups)
    if codes.shape != values.shape or codes.dtype.kind not in "iu" or codes.min(initial=0) < 0:
        raise InputError("groups", f"have shape {codes.shape}", "give a code from 0 to each peer")
    found = np.zeros((int(codes.max(initial=-1)) + 1, table.shape[1]))
    for group in np.unique(codes):
        found[group] = minimum_norm(table[codes == group], values[codes == group])
    return found


def _ridge_solved(gram: Array, moment: Array, alpha: float) -> Array:
    """Solutions of ``(gram + alpha) w = moment``, stacked; the shortest ones with alpha 0."""
    features = gram.shape[-1]
    if alpha > 0:
        weights = np.linalg.solve(gram + alpha * np.eye(features), moment[..., None])
        return np.asarray(weights[..., 0], dtype=np.float64)
    cut = 1e3 * features * np.finfo(np.float64).eps
    inverse = np.linalg.pinv(gram, rtol=cut, hermitian=True)
    return np.asarray((inverse @ moment[..., None])[..., 0], dtype=np.float64)


def _standard_units(table: Array) -> tuple[Array, Array]:
    """Mean and SD of each column, 1 where a column is constant."""
    centre, scale = table.mean(axis=0), table.std(axis=0)
    # A constant column's SD is rounding error, not information.
    constant = scale <= 1e-12 * np.maximum(np.abs(centre), 1e-300)
    return centre, np.where(constant, 1.0, scale)


def _examples(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    table = numbers("X", X, ("examples", "features"))
    return table, numbers("y", y, (len(table),))
