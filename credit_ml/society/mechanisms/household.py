"""Households: who lives with whom, with how many children, and where these go to school (S9).

Partners find each other inside a market: people of one district and age band who look for
somebody. Those who look only among people of their own hukou are paired first; whoever is left
joins the others. Order within a market is chance, so that people of one market are exchangeable.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.arrays import Array, Arrays, Flags, Ints, Places
from credit_ml.society.mechanisms.chance import log_odds, logistic, poisson_count
from credit_ml.society.mechanisms.knobs import Knobs, knob, share
from credit_ml.society.mechanisms.population import Citizens, Dependence

_CENSUS = "assumed, near the marriage tables of the 2010 census"


class Household(Knobs):
    """Share who look for a partner, whom they accept, and children under 18 by age band."""

    young: float = share(0.35, "share who look, aged 18 to 29", _CENSUS)
    middle: float = share(
        0.90,
        "share who look, aged 30 to 44",
        "Yearbook of Population and Employment 2023: 18.4, 8 and some 4 % unmarried at 30 to 34, "
        "35 to 39 and 40 to 44",
    )
    older: float = share(0.92, "share who look, aged 45 to 59", _CENSUS)
    old: float = share(0.75, "share who look, aged 60 to 79", _CENSUS)
    homogamy: float = share(
        0.6,
        "share who look only among people of their own hukou",
        "sign: marriages across registration are few, and fewest where hukou is hardest to get "
        "(Shanghai and Shenzhen, PMC8290908); size assumed",
    )
    by_gender: bool = knob(
        default=True,
        unit="whether partners are a man and a woman",
        source="Marriage Law of China; off in worlds where nothing depends on gender",
    )
    by_age: bool = knob(
        default=True,
        unit="whether age decides who looks, for whom, and who has children",
        source="definition; off in worlds where nothing depends on age (all as 30 to 44)",
    )
    children_young: float = knob(0.5, "children of a couple aged 18 to 29", (0, 20))
    children_middle: float = knob(1.1, "children of a couple aged 30 to 44", (0, 20))
    children_older: float = knob(0.3, "children of a couple aged 45 to 59", (0, 20))
    children_old: float = knob(0.02, "children of a couple aged 60 to 79", (0, 20))
    children_single: float = share(0.08, "children of one without a partner, against a couple's")
    small_child: float = share(0.35, "share of parents with a child in diapers", "assumed (S12)")
    districts_per_school: int = knob(4, "districts that share a school", (1, 1e6))
    looking: Dependence = Dependence()
    """Of the log-odds of looking for a partner; off."""
    births: Dependence = Dependence(hukou=0.2, ethnicity=0.2)
    """Of the log number of children; birth rules were looser for both; assumed sizes."""

    def look_shares(self) -> Array:
        """Share who look in each age band."""
        if not self.by_age:
            return np.full(4, self.middle)
        return np.array([self.young, self.middle, self.older, self.old])

    def birth_rates(self) -> Array:
        """Children of a couple in each age band."""
        if not self.by_age:
            return np.full(4, self.children_middle)
        return np.array(
            [self.children_young, self.children_middle, self.children_older, self.children_old]
        )


def market(spec: Household, people: Citizens, district: NDArray[Any], uniform: Array) -> Arrays:
    """Where each citizen looks for a partner; everything that `pair` needs.

    Parameters
    ----------
    district : ndarray
        Within the city.
    uniform : ndarray of shape (2, citizens)
        Whether one looks, and whether only among people of one's own hukou.

    Returns
    -------
    dict
        ``market``: people of one cell are exchangeable, -1 for those who do not look;
        ``market_place``: district and age band, in which the left over meet; ``strict``: whether
        one looks only among people of one's own hukou; ``woman``: the side of the market.
    """
    band = people["age_band"].astype(np.int32)
    odds = np.array([log_odds(share) for share in spec.look_shares()])[band]
    looks = uniform[0] < logistic(odds + people.shift(spec.looking))
    strict = uniform[1] < spec.homogamy
    place = district.astype(np.int32) * 4 + (band if spec.by_age else 0)
    hukou = np.where(strict, people["hukou"], 2).astype(np.int32)
    side = people["gender"].astype(np.int32) if spec.by_gender else np.int32(0)
    cell = np.where(looks, (place * 3 + hukou) * 2 + side, np.int32(-1)).astype(np.int32)
    woman = people["gender"] == 1
    return {"market": cell, "market_place": place, "strict": strict, "woman": woman}


def pair(spec: Household, where: Arrays, order: Array) -> Ints:
    """Partner of every citizen of a city, -1 for those who found none.

    Parameters
    ----------
    where : dict
        From `market`.
    order : ndarray
        Uniform: place in the queue; the left over of the first round are first in the second.
    """
    cell, sides = where["market"], where["woman"] if spec.by_gender else None
    partner = np.full(len(order), -1, dtype=np.int32)
    strict = np.flatnonzero(where["strict"] & (cell >= 0)).astype(np.int32)
    _pair_round(partner, strict, cell[strict] // 2, order[strict], sides)
    left = np.flatnonzero((cell >= 0) & (partner < 0)).astype(np.int32)
    _pair_round(partner, left, where["market_place"][left], 1.0 - order[left], sides)
    return partner


def _pair_round(partner: Ints, who: Ints, key: Ints, order: Array, woman: Flags | None) -> None:
    if not len(who):
        return
    if woman is None:
        queue = np.argsort(key + order)
        line, rank = key[queue], _rank(key[queue])
        first = np.flatnonzero((rank[:-1] % 2 == 0) & (line[:-1] == line[1:]))
        one, other = who[queue[first]], who[queue[first + 1]]
    else:
        sides = []
        for side in (~woman[who], woman[who]):
            rows = np.flatnonzero(side)
            queue = rows[np.argsort(key[rows] + order[rows])]
            # A number for each place in each market: the k-th man meets the k-th woman.
            sides.append((key[queue].astype(np.int64) << 32 | _rank(key[queue]), who[queue]))
        (men, man), (women, woman_there) = sides
        _, at, to = np.intersect1d(men, women, assume_unique=True, return_indices=True)
        one, other = man[at], woman_there[to]
    partner[one], partner[other] = other, one


def _rank(sorted_key: Ints) -> Places:
    place = np.arange(len(sorted_key))
    new = np.concatenate([[True], sorted_key[1:] != sorted_key[:-1]])
    return place - np.maximum.accumulate(np.where(new, place, 0))


def children(
    spec: Household, band: NDArray[Any], partnered: Flags, births: Array, chance: Array
) -> Ints:
    """Children under 18 of each citizen's household.

    Parameters
    ----------
    births : ndarray
        Shift of the log number, meaned over the partners.
    chance : ndarray
        The household's uniform.
    """
    rate = spec.birth_rates()[band] * np.exp(births)
    return poisson_count(chance, np.where(partnered, rate, spec.children_single * rate), most=10)


def schools(spec: Household, district: NDArray[Any], parents: Flags) -> Ints:
    """School of each parent's children, -1 for those without children."""
    school = district.astype(np.int32) // np.int32(spec.districts_per_school)
    return np.where(parents, school, np.int32(-1)).astype(np.int32)
