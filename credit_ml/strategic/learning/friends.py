"""What ties tell of a person's type, when friends are alike."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.special import expit, logit

from credit_ml.core import Array, InputError
from credit_ml.strategic.arrays import number

_TINY = float(np.finfo(np.float64).tiny)


def type_from_ties(
    ties: csr_array,
    signals: "ArrayLike",
    *,
    error: float,
    same: float,
    different: float,
    prior: float = 0.5,
) -> Array:
    """Probability that each person is of the high type, from own and friends' noisy signals.

    ``odds(high) = prior odds x ((1 - e) / e)^(+-1) x r^(H - L)``, with
    ``r = ((1 - e) q_s + e q_d) / (e q_s + (1 - e) q_d)``, H and L friends of high and low signal,
    e the error of a signal, and q_s, q_d the chances that people who meet, of the same and of
    different types, become friends. With ``q_s = q_d`` friends tell nothing. Who meets whom does
    not depend on types; friends' own friends are not used.

    Cost: one pass over ties.

    Parameters
    ----------
    ties : csr_array of shape (citizens, citizens)
    signals : array_like of bool, shape (citizens,)
        Whether each person's own signal is high.
    error : float
        Chance that a signal is wrong, in (0, 1/2].
    same, different : float
        q_s and q_d, in (0, 1].
    prior : float
        Share of high types, for the person; friends are taken at one half, as in the paper.

    Raises
    ------
    InputError
        When a chance is out of range or there is not one signal a person.

    References
    ----------
    Wei, Y., Yildirim, P., Van den Bulte, C. and Dellarocas, C. (2016). Credit scoring with social
    network data. Marketing Science 35, 234-258, Lemma 8.

    Examples
    --------
    >>> pair = csr_array(np.array([[0, 1], [1, 0]]))
    >>> type_from_ties(pair, [True, True], error=0.2, same=0.5, different=0.5).round(6).tolist()
    [0.8, 0.8]
    """
    high = np.asarray(signals)
    if high.dtype != bool or high.shape != (ties.shape[0],):
        raise InputError("signals", f"have shape {high.shape}", "give one boolean a person")
    number("error", error, least=_TINY, most=0.5)
    number("same", same, least=_TINY, most=1.0)
    number("different", different, least=_TINY, most=1.0)
    number("prior", prior, least=_TINY, most=1 - np.finfo(np.float64).epsneg)
    ratio = ((1 - error) * same + error * different) / (error * same + (1 - error) * different)
    sign = np.where(high, 1.0, -1.0)
    met = csr_array((np.ones(len(ties.indices)), ties.indices, ties.indptr), shape=ties.shape)
    odds = logit(prior) - sign * logit(error) + (met @ sign) * np.log(ratio)
    return np.asarray(expit(odds))


def friendship_chances(
    noise: float, *, above_noise: float, above_rest: float
) -> tuple[float, float]:
    """Chances of a tie between people who meet and see each other's types with noise.

    Two who both take the other for their own kind become friends when their match is worth more
    than the noise t, any others when it is worth more than 1 - t:
    ``q_s = (1 - t)^2 p_t + (1 - (1 - t)^2) p_(1-t)``, ``q_d = t^2 p_t + (1 - t^2) p_(1-t)``.

    Parameters
    ----------
    noise : float
        t, the chance of taking another's type wrongly, in [0, 1/2).
    above_noise, above_rest : float
        p_t and p_(1-t): chances that a match is worth more than t, and than 1 - t.

    Returns
    -------
    same, different
        q_s and q_d of `type_from_ties`.

    References
    ----------
    Wei et al. (2016), equations 22 and 23.

    Examples
    --------
    >>> friendship_chances(0.0, above_noise=1.0, above_rest=0.3)
    (1.0, 0.3)
    """
    number("noise", noise, most=0.5 - np.finfo(np.float64).epsneg)
    if not 0 <= above_rest <= above_noise <= 1:
        problem = f"are {above_noise:g} and {above_rest:g}"
        raise InputError("above_noise and above_rest", problem, "give falling chances")
    both_right, both_wrong = (1 - noise) ** 2, noise**2
    return (
        both_right * above_noise + (1 - both_right) * above_rest,
        both_wrong * above_noise + (1 - both_wrong) * above_rest,
    )
