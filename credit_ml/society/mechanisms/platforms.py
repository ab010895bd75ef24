"""Who holds one's payments and rides: companies, the clearing house, and the key that joins."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.arrays import Array, Arrays, Flags
from credit_ml.society.mechanisms.chance import happens, log_odds, poisson_count
from credit_ml.society.mechanisms.knobs import Knobs, knob, share, strengths
from credit_ml.society.mechanisms.population import Citizens, Dependence

#: Companies that hold shares of the pooled bureau (S4).
COMPANIES = 8

#: Weight of each company in the payments of its users, and of payments outside all of them;
#: the first is the payment app itself. Assumed: sizes fall by halves.
SHARES = np.array([0.5, 0.25, 0.125, 0.06, 0.03, 0.015, 0.01, 0.01])
OUTSIDE = 0.25

#: Merchants that anybody can pay in a month.
MOST_MERCHANTS = 1_000.0


class Platforms(Knobs):
    """Citizens use companies; each sees the payments made through it, unless they are joined."""

    app_users: float = share(
        0.85,
        "share who pay with the app (company 1)",
        "assumed: Alipay had 520 million users in 2017, 47 % of those aged 15 and more, and more "
        "of them in cities",
    )
    company_users: float = share(0.35, "share who use each of companies 2 to 8")
    pooled: bool = knob(
        default=False,
        unit="whether the eight companies pool what they see",
        source="S4; off until the bureau works",
    )
    cleared: bool = knob(
        default=False,
        unit="whether the rater sees every payment through the clearing house",
        source="S5; from 30 June 2018",
    )
    own_merchants: bool = knob(
        default=False,
        unit="whether a rater without the clearing house sees only merchants and places paid "
        "through its own companies",
        source="S5: before clearing each platform saw only its own payments; off, so that "
        "societies stay as they were",
    )
    riders: float = share(
        0.6, "share who hail rides", "assumed (S11): 43.2 % of internet users (CNNIC, June 2018)"
    )
    daters: float = share(
        0.25,
        "share on the dating site",
        "between 54 million in 2016 (TechNode 2018), 5 % of those aged 15 and more, and the 43 % "
        "of an online panel who ever dated so (YouGov 2017); S11",
    )
    usage: Dependence = strengths(
        Dependence(age=-0.5),
        age="sign: most users were born in the 1980s and 1990s (Alipay 2016); size assumed",
    )
    """Of the log-odds of using any of them: the old use fewer."""
    likes: Dependence = Dependence()
    """Of the log rate of likes on the dating site; off."""


class Identity(Knobs):
    """Whether the chat account is the state identity, so that every stream joins on it (S24)."""

    linked: float = share(
        0.8,
        "share whose accounts join on the state identity",
        "assumed; S24: on trial in 26 cities",
    )
    off_file: float = share(
        0.0, "share of the bills of one who is not linked that never reach the file", "off"
    )
    dependence: Dependence = Dependence(hukou=-0.3, age=-0.2)
    """Of the log-odds of being linked: papers of migrants are elsewhere; assumed size."""


def company_users(spec: Platforms, people: Citizens, uniform: Array) -> Flags:
    """Whether each company knows each citizen, shape (8, citizens).

    Parameters
    ----------
    uniform : ndarray of shape (8, citizens)
    """
    usage = people.shift(spec.usage)
    base = [spec.app_users] + [spec.company_users] * (COMPANIES - 1)
    unlikely = np.exp(-usage)
    return np.array(
        [
            row * (1.0 + np.exp(-log_odds(share)) * unlikely) < 1.0
            for row, share in zip(uniform, base, strict=True)
        ]
    )


def seen_payments(users: Flags, payments: NDArray[Any], companies: tuple[int, ...]) -> Array:
    """Payments that some companies see together; NaN for citizens whom none of them knows.

    Parameters
    ----------
    users : ndarray of shape (8, citizens)
        Whether each company knows each citizen.
    payments : ndarray
        All that the citizen pays.
    companies : tuple of int
        Numbers, 1 to 8.

    Examples
    --------
    >>> everybody = np.ones((8, 2), dtype=bool)
    >>> seen = seen_payments(everybody, np.array([100.0, 200.0]), (1, 2))
    >>> bool((seen < [100, 200]).all() and seen[1] == 2 * seen[0])
    True
    """
    weights = SHARES[:, None] * users
    known = weights[[number - 1 for number in companies]].sum(axis=0)
    seen = known / (weights.sum(axis=0) + OUTSIDE)
    return np.where(seen > 0, payments * seen, np.nan)


def seen_share(users: Flags, companies: tuple[int, ...]) -> Array:
    """Share of each citizen's payments that some companies see together; NaN for strangers.

    Examples
    --------
    >>> float(seen_share(np.ones((8, 1), dtype=bool), tuple(range(1, 9)))[0])
    0.8
    """
    return seen_payments(users, np.ones(users.shape[1]), companies)


def payment_records(
    spec: Platforms, users: Flags, uniform: Array, noise: Array, payments: Array, purse: Array
) -> Arrays:
    """What the payments stream shows of each citizen: amount, merchants, places.

    Parameters
    ----------
    users : ndarray of shape (8, citizens)
        From `company_users`.
    uniform, noise : ndarray
        Chance of places, and standard normal of merchants.
    payments : ndarray
        All that the citizen pays, thousand yuan a month.

    Returns
    -------
    dict
        ``spending`` is NaN for citizens whom the stream does not know.
    """
    if spec.cleared:
        spending = payments
    else:
        companies = tuple(range(1, COMPANIES + 1)) if spec.pooled else (1,)
        spending = seen_payments(users, payments, companies)
    return {
        "spending": spending,
        "merchants": np.rint(
            np.minimum(12.0 * np.exp(0.5 * purse + 0.4 * noise), MOST_MERCHANTS)
        ).astype(np.int32),
        "payment_places": 1 + poisson_count(uniform, 0.6 * np.exp(purse)),
    }


def partner_records(
    spec: Platforms, people: Citizens, uniform: Array, trust: Array, habits: Array, purse: Array
) -> Arrays:
    """Ride and dating data (S11); NaN for citizens who use neither.

    Parameters
    ----------
    uniform : ndarray of shape (5, citizens)
        Use of rides and of dating; chance of rides, cancellations and likes.
    """
    usage = people.shift(spec.usage)
    rides = happens(uniform[0], log_odds(spec.riders), usage)
    dates = happens(uniform[1], log_odds(spec.daters), usage)
    likes = np.exp(np.log(6.0) + 0.4 * purse + 0.2 * habits + people.shift(spec.likes))
    return {
        "rides": np.where(rides, poisson_count(uniform[2], 4.0 * np.exp(purse)), np.nan),
        "ride_cancellations": np.where(
            rides, poisson_count(uniform[3], 0.6 * np.exp(-0.3 * trust)), np.nan
        ),
        "dating_likes": np.where(dates, poisson_count(uniform[4], likes), np.nan),
    }


def joined_share(spec: Identity, key: Flags) -> Array:
    """Share of each citizen's reported bills that reach the file, by whether accounts join."""
    return np.where(key, 1.0, 1.0 - spec.off_file)


def linked(spec: Identity, people: Citizens, uniform: Array) -> Flags:
    """Whether each citizen's accounts join on the state identity."""
    shifts = people.shift(spec.dependence)
    return happens(uniform, log_odds(spec.linked), shifts)
