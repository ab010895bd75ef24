"""One society, its critics listed or marked down at hidden rates, and an auditor's every test."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.core import Array, InputError, Mask, Rows, Streams, need_known
from credit_ml.governance.political_use.auditor import (
    MarkedPeople,
    left_over,
    listing_alarms,
    of_records,
)
from credit_ml.governance.political_use.options import PoliticalOptions
from credit_ml.society import SENSITIVE, Society

#: A number of everybody.
_ALL = ("overall", "all")
#: Fewest marked people, and others, that an auditor holds against each other.
FEWEST_MARKED = 2
#: Records by which an auditor tells who posts criticism.
POSTS = "critical_posts"


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
            marked=(records[POSTS] >= options.posts).to_numpy(),
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
        """Yield what each test of a sample says at each rate, and what its closed form asks."""
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
        taken = yardstick.penalty / max(float(error[0]), 1e-12) / marked.worth
        return {
            "said": marked.alarms(left, options.alpha),
            "law": {
                "signal": taken * float(marked.mark @ critic),
                "luck": taken**2 * float(marked.mark**2 @ self.critic[rows]),
            },
        }

    def _of_list(self, options: PoliticalOptions, listed: Mask, rows: Rows) -> dict[str, Any]:
        marked, critic = self.marked[rows], self.critic[rows]
        if _few(marked):
            return _nothing(options)
        before = float(listed[:, 0].mean())
        inside, outside = ((1.0 - before) * critic[who].mean() for who in (marked, ~marked))
        return {
            "said": listing_alarms(listed, marked, options.alpha),
            "law": {
                "marked": float(marked.sum()),
                "share": float(marked.mean()),
                "before": before,
                "inside": float(inside),
                "outside": float(outside),
            },
        }


def checked_society(rater: Rater, society: Society, options: PoliticalOptions) -> None:
    """Refuse a society in which nothing can be hidden, or found, or told from a lawful rule."""
    need_no_posts(rater.agency)
    need_critics(society)
    posts = society.records[POSTS] >= options.posts
    problem = f"'{POSTS}' is nowhere {options.posts} or more"
    remedy = "ask for fewer posts, or raise behaviour.critic_posts"
    InputError.unless(bool(posts.any()), "world, posts", problem, remedy)
    problem = f"are {options.sizes[-1]:,}, and the world has {len(society):,} citizens"
    InputError.unless(options.sizes[-1] <= len(society), "sizes", problem, "give at most those")


def need_no_posts(agency: Agency) -> None:
    """Refuse an agency that reads critical posts, by which an auditor tells who is a critic."""
    problem = f"reads '{POSTS}', so that its score moves with posts lawfully"
    remedy = "give an agency without the stream 'posts', such as 'sesame'"
    InputError.unless(POSTS not in agency.columns, f"agency '{agency.id}'", problem, remedy)


def need_critics(society: Society) -> None:
    """Refuse a society without critics, of whom nobody can be hit."""
    critics = society.people["critic"] == "yes"
    remedy = "give the world more, as population.critics"
    InputError.unless(bool(critics.any()), "world, critics", "are none", remedy)


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
    return {"said": np.zeros(len(options.rates)), "law": None}
