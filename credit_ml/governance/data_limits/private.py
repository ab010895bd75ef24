"""Differential privacy: closed forms, and releases with noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from scipy.special import ndtr

from credit_ml.core import Array, InputError, Streams
from credit_ml.governance.number import is_number


def checked_epsilon(epsilon: float) -> float:
    """Return an epsilon above 0, or raise InputError.

    Examples
    --------
    >>> checked_epsilon(0)
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: epsilon: is 0; give a number above 0: at 0 nothing is released
    """
    number = isinstance(epsilon, int | float) and not isinstance(epsilon, bool)
    usable = number and 0 < epsilon < np.inf
    remedy = "give a number above 0: at 0 nothing is released"
    InputError.unless(usable, "epsilon", f"is {epsilon!r}", remedy)
    return float(epsilon)


def checked_epsilons(epsilons: Sequence[float]) -> list[float]:
    """Return one or more epsilons above 0, each once, or raise InputError.

    Examples
    --------
    >>> checked_epsilons([1.0, 1.0])
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: epsilons: are [1.0, 1.0]; give one or more, each once
    """
    told = [checked_epsilon(each) for each in epsilons]
    usable = 0 < len(set(told)) == len(told)
    InputError.unless(usable, "epsilons", f"are {told}", "give one or more, each once")
    return told


def truth_chance(epsilon: float) -> float:
    """Chance of the true answer in Warner's randomised response: ``e^eps / (1 + e^eps)``.

    References
    ----------
    Warner, S. L. (1965). Randomized response: a survey technique for eliminating evasive answer
    bias. Journal of the American Statistical Association 60, 63-69.

    Examples
    --------
    >>> round(truth_chance(1.0), 3)
    0.731
    """
    return float(1.0 / (1.0 + np.exp(-checked_epsilon(epsilon))))


@dataclass(frozen=True, kw_only=True)
class Randomised:
    """A share estimated from randomised answers.

    Examples
    --------
    >>> round(Randomised.of(np.array([True, True, False, False]), epsilon=1.0).share, 3)
    0.5
    """

    share: float
    variance: float
    """``lambda (1 - lambda) / n / (2 p - 1)^2``, lambda the share of answers "yes"."""

    @classmethod
    def of(cls, answers: Any, *, epsilon: float) -> "Randomised":
        """Take the share of the true "yes" from answers: ``(lambda + p - 1) / (2 p - 1)``."""
        p, yes = truth_chance(epsilon), float(np.mean(answers))
        slope = 2.0 * p - 1.0
        variance = yes * (1.0 - yes) / len(answers) / slope**2
        return cls(share=(yes + p - 1.0) / slope, variance=variance)


def randomised_answers(truth: Any, *, epsilon: float, seed: int) -> Array:
    """Answers of which each is true with `truth_chance` and else the opposite.

    Examples
    --------
    >>> told = randomised_answers(np.ones(1000, dtype=bool), epsilon=1.0, seed=1)
    >>> bool(0.65 < told.mean() < 0.8)
    True
    """
    true = np.asarray(truth, dtype=bool)
    says = Streams(seed).generator("private.randomised").random(len(true)) < truth_chance(epsilon)
    return np.where(says, true, ~true)


def attack_auc(mu: float) -> float:
    """Most that can tell whether one person is in what a mu-Gaussian private release shows.

    ``Phi(mu / sqrt 2)``: the area under the trade-off of normals mu apart; 0.5 at 0.

    References
    ----------
    Dong, J., Roth, A. and Su, W. J. (2022). Gaussian differential privacy. Journal of the Royal
    Statistical Society B 84, 3-37.

    Examples
    --------
    >>> [round(attack_auc(mu), 3) for mu in (0.0, 1.0, 2.0)]
    [0.5, 0.76, 0.921]
    """
    InputError.unless(is_number(mu) and mu >= 0, "mu", f"is {mu!r}", "give at least 0")
    return float(ndtr(mu / np.sqrt(2.0)))


def pure_attack_auc(epsilon: float) -> float:
    """The same of an epsilon-private release: the area of ``TPR <= e^eps FPR`` and its mirror.

    ``e^eps / (1 + e^eps)``: the area under ``TPR <= min(e^eps FPR, 1 - e^-eps (1 - FPR))``, whose
    corner is randomised response.

    Examples
    --------
    >>> round(pure_attack_auc(1.0), 3)
    0.731
    """
    return truth_chance(epsilon)


def count_noise_variance(epsilon: float, *, sensitivity: int = 1) -> float:
    """Variance of the two-sided geometric noise that makes a count private.

    ``2 q / (1 - q)^2`` with ``q = e^(-eps / sensitivity)``; about ``2 / eps^2`` where eps is small.

    Examples
    --------
    >>> round(count_noise_variance(1.0), 3)
    1.841
    """
    q = np.exp(-checked_epsilon(epsilon) / sensitivity)
    return float(2.0 * q / (1.0 - q) ** 2)


def released_counts(counts: Sequence[int] | Array, *, epsilon: float) -> Array:
    """Counts with noise, fit to be published: nobody's presence moves a chance by more than e^eps.

    Each person is counted in one of the cells at most. The noise is OpenDP's two-sided geometric
    one, from the machine's own secure chance: no seed makes it again, or it would protect nobody.
    To study what such noise costs, use `noised_counts`.

    Raises
    ------
    InputError
        When epsilon is not above 0, counts are no whole numbers, or OpenDP is not installed.

    Examples
    --------
    >>> released_counts([10], epsilon=0)
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: epsilon: is 0; give a number above 0: at 0 nothing is released
    """
    scale, whole = 1.0 / checked_epsilon(epsilon), _whole(counts)
    dp = _opendp()
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    measurement = dp.m.make_geometric(*space, scale=scale)
    assert measurement.map(1) <= epsilon * (1 + 1e-9)
    return np.asarray(measurement(whole.tolist()), dtype=np.int64)


def noised_counts(counts: Sequence[int] | Array, *, epsilon: float, seed: int) -> Array:
    """Counts with the noise of `released_counts`, but from a seed: to study, not to publish.

    Examples
    --------
    >>> noised_counts([100, 200], epsilon=50.0, seed=1).tolist()
    [100, 200]
    """
    whole, q = _whole(counts), np.exp(-checked_epsilon(epsilon))
    # The difference of two geometric numbers is the two-sided geometric one.
    draws = Streams(seed).generator("private.counts").geometric(1.0 - q, size=(2, len(whole)))
    return np.asarray(whole + draws[0] - draws[1])


def _whole(counts: Any) -> Array:
    whole = np.asarray(counts)
    usable = whole.ndim == 1 and whole.dtype.kind in "iu" and len(whole) > 0
    InputError.unless(usable, "counts", f"are {whole.dtype}", "give a list of whole numbers")
    return whole.astype(np.int64)


def _opendp() -> Any:
    try:
        return import_module("opendp.prelude")
    except ModuleNotFoundError as error:
        problem, remedy = "needs opendp, which is not installed", "pip install 'credit-ml[privacy]'"
        raise InputError("released_counts", problem, f"install it: {remedy}") from error
