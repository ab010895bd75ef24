"""One society, its critics listed or marked down at hidden rates, and an auditor's every test."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Array, InputError, Mask, Rows, Streams, need_known
from credit_ml.governance.political_use.auditor import (
    MarkedPeople,
    left_over,
    listing_alarms,
    of_records,
)
from credit_ml.governance.political_use.closed_form import listings_power, shift_power
from credit_ml.inference import checked_societies
from credit_ml.society import SENSITIVE, Society

#: A number of everybody.
_ALL = ("overall", "all")
#: Fewest marked people, and others, that an auditor holds against each other.
FEWEST_MARKED = 2
#: Fewest citizens of a sample.
_FEWEST = 20


@dataclass(frozen=True, kw_only=True)
class PoliticalOptions:
    """How critics are hit, whom an auditor takes for one, and how often it is tried.

    Examples
    --------
    >>> PoliticalOptions(rates=(0.0, 1.0)).alpha
    0.05
    """

    rates: tuple[float, ...] = (0.0, 0.05, 0.1, 0.25, 0.5, 1.0)
    """Shares of critics who are hit, rising from 0."""
    sizes: tuple[int, ...] = (1_250, 5_000, 20_000)
    """Citizens whom an auditor sees; at most those of the world."""
    penalty: float = 0.75
    """Points taken of whoever is hit, in standard deviations of the score. Assumed: of a score of
    the Sesame type that is about a hundred points, as between two privileges."""
    posts: int = 2
    """Critical posts a year from which an auditor takes one for a critic."""
    mistakes: float = 0.005
    """Chance to be listed by mistake, whoever one is. Assumed: without mistakes one listing that no
    court ordered would be proof."""
    worse: float = 0.8
    """How much worse the lawful records of critics are, in standard deviations, in a second set of
    societies without abuse; 0 leaves it out."""
    societies: int = 200
    cities: int = 20
    """Honest cities beside which an auditor without names holds the scores."""
    alpha: float = 0.05
    """Chance of a false alarm of every test."""
    power: float = 0.8
    """With which a rate counts as found."""

    def __post_init__(self) -> None:
        rates, sizes = np.asarray(self.rates, float), np.asarray(self.sizes, float)
        share, whole = "give rising shares from 0 to 1", "give rising whole numbers"
        for name, values, most, remedy in (
            ("rates", rates, 1.0, share),
            ("sizes", sizes, np.inf, whole),
        ):
            rising = len(values) > 0 and bool((np.diff(values) > 0).all())
            usable = rising and values[0] >= 0 and values[-1] <= most
            InputError.unless(usable, name, f"are {list(getattr(self, name))}", remedy)
        InputError.unless(self.rates[0] == 0, "rates", "lack 0", "add it, for false alarms")
        least = f"give whole numbers of at least {_FEWEST}"
        usable = sizes[0] >= _FEWEST and bool((sizes % 1 == 0).all())
        InputError.unless(usable, "sizes", f"are {list(self.sizes)}", least)
        InputError.unless(self.penalty > 0, "penalty", f"is {self.penalty:g}", "give more than 0")
        InputError.unless_at_least(1, "posts", self.posts)
        for name, most in (("mistakes", 1.0), ("alpha", 0.5), ("power", 1.0)):
            value = getattr(self, name)
            remedy = f"give a chance under {most:g}"
            InputError.unless(0 <= value < most, name, f"is {value:g}", remedy)
        checked_societies(self.societies)
        problem = f"are {self.cities} beside {self.societies} societies"
        usable = 2 <= self.cities < self.societies
        InputError.unless(usable, "cities", problem, "give at least 2, and fewer than societies")


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """Mean and standard deviation of a score among honest people, and the points taken."""

    mean: float
    deviation: float
    penalty: float

    def tilt(self, points: Array) -> Array:
        """The best weights of scores without names: the likelihood ratio of normal scores."""
        shift = self.penalty / self.deviation
        standing = (points - self.mean) / self.deviation
        return np.asarray(np.exp(-shift * standing - shift**2 / 2.0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Audited:
    """One society as abusers and an auditor have it; settings are the rates."""

    records: pd.DataFrame
    points: Array
    critic: Mask
    marked: Mask
    ordered: Mask
    """Whom a court's order lists."""
    mistaken: Mask
    """Whom a mistake does."""
    luck: Array
    """Whoever's is below the rate is hit: the same people and more at a higher one."""
    groups: pd.DataFrame
    order: Rows

    @classmethod
    def of(
        cls,
        rater: Rater,
        society: Society,
        options: PoliticalOptions,
        sensitive: Sequence[str],
        seed: int,
    ) -> "Audited":
        """Score a society; nobody is hit yet."""
        people, records, number = society.people, society.records, len(society)
        streams = Streams(Streams(seed).seed_for(f"political_use.{society.world.seed}"))
        seen = rater.agency.view(society).X
        return cls(
            records=seen,
            points=rater.score(seen).to_numpy(dtype=np.float64),
            critic=(people["critic"] == "yes").to_numpy(),
            marked=(records["critical_posts"] >= options.posts).to_numpy(),
            ordered=(records["judgments"] > 0).to_numpy(),
            mistaken=streams.generator("mistakes").random(number) < options.mistakes,
            luck=streams.generator("hits").random(number),
            groups=people[list(sensitive)],
            order=streams.generator("sample").permutation(number),
        )

    def hit(self, rates: Sequence[float]) -> Mask:
        """Who is hit at each rate, shape (people, rates)."""
        return self.critic[:, None] & (self.luck[:, None] < np.asarray(rates))

    def marked_down(self, rates: Sequence[float], penalty: float) -> Array:
        """Points at each rate; at 0 they are the score's own, to the byte."""
        return np.where(self.hit(rates), self.points[:, None] - penalty, self.points[:, None])

    def listed(self, rates: Sequence[float]) -> Mask:
        """Who is on the list at each rate, shape (people, rates)."""
        return (self.ordered | self.mistaken)[:, None] | self.hit(rates)

    def samples(self, size: int) -> Iterator[tuple[tuple[str, str], Rows]]:
        """Yield everybody of a sample, then each group of it."""
        rows = np.sort(self.order[:size])
        yield _ALL, rows
        for feature in self.groups.columns:
            held = self.groups[feature].iloc[rows]
            for group in held.cat.categories:
                yield (str(feature), str(group)), rows[(held == group).to_numpy()]

    def tests(
        self, options: PoliticalOptions, yardstick: Yardstick, size: int
    ) -> Iterator[dict[str, Any]]:
        """Yield what each test of a sample says at each rate, and what its closed form expects."""
        points = self.marked_down(options.rates, yardstick.penalty)
        listed = self.listed(options.rates)
        first = {"sensitive": _ALL[0], "group": _ALL[1], "size": size}
        basis = None
        for (feature, group), rows in self.samples(size):
            if basis is None:
                basis = of_records(self.records.iloc[rows])
                whole = rows
                yield first | {
                    "abuse": "points",
                    "information": "scores",
                    "said": yardstick.tilt(points[rows]).mean(axis=0),
                }
                yield first | {
                    "abuse": "list",
                    "information": "scores",
                    "said": listed[rows].mean(axis=0),
                }
            own = basis[np.isin(whole, rows)] if len(rows) < len(whole) else basis
            named = {"sensitive": feature, "group": group, "size": size}
            for information in ("posts", "records"):
                asked = own if information == "records" else own[:, :1]
                told = self.of_points(options, yardstick, points[rows], rows, asked)
                yield named | {"abuse": "points", "information": information} | told
                known = rows[~self.ordered[rows]] if information == "records" else rows
                told = self._of_list(options, listed[known], known)
                yield named | {"abuse": "list", "information": information} | told

    def of_points(
        self,
        options: PoliticalOptions,
        yardstick: Yardstick,
        points: Array,
        rows: Rows,
        basis: Array,
    ) -> dict[str, Any]:
        """Hold marked people's points against others', with what a basis says of both."""
        named = np.column_stack([self.marked[rows], self.critic[rows], points])
        both, rank = left_over(named.astype(np.float64), basis)
        marked, critic, left = MarkedPeople(both[:, 0], rank), both[:, 1], both[:, 2:]
        if _few(self.marked[rows]) or not marked.usable:
            return _nothing(options)
        _, error = marked.difference(left[:, :1])
        hit = float(marked.mark @ critic) / marked.worth
        rates, taken = np.asarray(options.rates), yardstick.penalty / max(float(error[0]), 1e-12)
        # Who is hit is chance too: so many more standard errors has the difference.
        luck = rates * (1.0 - rates) * float(marked.mark**2 @ self.critic[rows])
        more = luck * (taken / marked.worth) ** 2
        return {
            "said": marked.alarms(left, options.alpha),
            "formula": shift_power(rates * taken * hit, options.alpha, more),
            "law": {
                "effect": yardstick.penalty * hit,
                "deviation": float(error[0]) * marked.worth**0.5,
                "share": half_of(marked.worth / len(rows)),
            },
        }

    def _of_list(self, options: PoliticalOptions, listed: Mask, rows: Rows) -> dict[str, Any]:
        marked, critic = self.marked[rows], self.critic[rows]
        if _few(marked):
            return _nothing(options)
        before, rates = float(listed[:, 0].mean()), np.asarray(options.rates)
        inside, outside = (critic[who].mean() for who in (marked, ~marked))
        elsewhere = before + (1.0 - before) * rates * outside
        added = (1.0 - before) * rates * (inside - outside)
        share = float(marked.mean())
        power = listings_power(elsewhere, added, share, len(rows), options.alpha)
        return {
            "said": listing_alarms(listed, marked, options.alpha),
            "formula": power if before > 0 else np.full(len(rates), np.nan),
            "law": {
                "listed": before,
                "elsewhere": (1.0 - before) * float(outside),
                "effect": (1.0 - before) * float(inside - outside),
                "share": share,
            },
        }


def checked_society(rater: Rater, society: Society, options: PoliticalOptions) -> None:
    """Refuse a society in which nothing can be hidden or found."""
    critics = society.people["critic"] == "yes"
    remedy = "give the world more, as population.critics"
    InputError.unless(bool(critics.any()), "world, critics", "are none", remedy)
    posts = society.records["critical_posts"] >= options.posts
    problem = f"'critical_posts' is nowhere {options.posts} or more"
    remedy = "ask for fewer posts, or raise behaviour.critic_posts"
    InputError.unless(bool(posts.any()), "world, posts", problem, remedy)
    problem = f"are {options.sizes[-1]:,}, and the world has {len(society):,} citizens"
    InputError.unless(options.sizes[-1] <= len(society), "sizes", problem, "give at most those")


def checked_features(sensitive: Sequence[str] | str | None) -> list[str]:
    """Return features by whose groups critics are told apart; being a critic is none of them."""
    named = [sensitive] if isinstance(sensitive, str) else list(sensitive or [])
    for feature in named:
        need_known(InputError, "sensitive", feature, SENSITIVE)
    return [feature for feature in named if feature != "critic"]


def _few(marked: Mask) -> bool:
    return min(int(marked.sum()), int((~marked).sum())) < FEWEST_MARKED


def _nothing(options: PoliticalOptions) -> dict[str, Any]:
    """Of a sample in which nobody can be held against anybody no alarm is raised."""
    none = np.zeros(len(options.rates))
    return {"said": none, "formula": none, "law": {}}


def half_of(product: float) -> float:
    """The share, at most one half, of which ``share (1 - share)`` is the product.

    Examples
    --------
    >>> round(half_of(0.02 * 0.98), 6)
    0.02
    """
    return float((1.0 - np.sqrt(max(1.0 - 4.0 * product, 0.0))) / 2.0)
