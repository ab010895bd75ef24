"""What a vote on values does not depend on: the card, the State's score, and who is who."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from credit_ml.agencies import Rater
from credit_ml.core import AgencyError, Array, InputError, Mask, Rows, Streams, need_known
from credit_ml.governance.agreed_values.card import FactorCard
from credit_ml.governance.number import is_number
from credit_ml.society import SENSITIVE, Society


@dataclass(frozen=True, kw_only=True)
class VoteOptions:
    """Who votes on what, and how often voters are drawn again.

    Raises
    ------
    InputError
        When a number is too small, or the feature is unknown.

    Examples
    --------
    >>> VoteOptions(nominated=5).draws
    50
    """

    divided_by: str = "hukou"
    """Sensitive feature whose groups may hold values of their own."""
    nominated: int = 12
    """Citizens whose own weights are proposals, drawn by lot."""
    draws: int = 50
    """How often voters are drawn again."""
    places: float | None = None
    """Share of people ranked high; by default who reach the State's first privilege today."""

    def __post_init__(self) -> None:
        need_known(InputError, "divided_by", self.divided_by, SENSITIVE)
        for name, least in (("nominated", 0), ("draws", 2)):
            value = getattr(self, name)
            InputError.unless_at_least(least, name, value)
            whole = isinstance(value, int) and not isinstance(value, bool)
            InputError.unless(whole, name, f"is {value!r}", "give a whole number")
        usable = self.places is None or (is_number(self.places) and 0 < self.places < 1)
        remedy = "give a share of people above 0 and under 1"
        InputError.unless(usable, "places", f"are {self.places!r}", remedy)


@dataclass(frozen=True, kw_only=True, eq=False)
class Election:
    """What does not depend on what citizens hold: the card, the State's score, who is who."""

    card: FactorCard
    given: dict[str, Array]
    """Weights of the State and of the fitted card."""
    explained: float
    """Share of the variance of the State's score that its weights explain."""
    state_points: Array
    kept: Array
    group: Rows
    """Number of each citizen's group of the feature that divides values."""
    names: tuple[str, ...]
    """Of the groups."""
    lot: Array
    """Chance among equals."""
    places: int
    options: VoteOptions
    seed: int

    @classmethod
    def of(
        cls, state: Rater, chosen: Rater, society: Society, options: VoteOptions, seed: int
    ) -> "Election":
        """Read the card and the State's score of a society."""
        points = state.score(state.agency.view(society).X).to_numpy(dtype=np.float64)
        card = FactorCard.of(chosen, chosen.agency.view(society))
        weights, explained = card.weights_of(points)
        share = options.places
        if share is None:
            granted = state.agency.privileges
            problem, remedy = "grants nothing", "say how many places there are"
            AgencyError.unless(granted, state.agency.id, problem, remedy)
            share = float((points >= granted[0].threshold).mean())
        number = round(share * len(society))
        problem = f"are {number:,} of {len(society):,}"
        fits = 0 < number < len(society)
        InputError.unless(fits, "places", problem, "give a share between 0 and 1")
        division = society.people[options.divided_by].cat
        return cls(
            card=card,
            given={"state": weights, "accurate": card.own_weights},
            explained=explained,
            state_points=points,
            kept=society.outcome["kept"].to_numpy(dtype=np.float64),
            group=division.codes.to_numpy().astype(np.intp),
            names=tuple(map(str, division.categories)),
            lot=Streams(seed).generator("agreed_values.ties").random(len(society)),
            places=number,
            options=options,
            seed=seed,
        )

    def there(self) -> Iterator[tuple[str, Mask]]:
        """Yield the groups that anybody is in."""
        for number, name in enumerate(self.names):
            if (who := self.group == number).any():
                yield name, who

    def winners_of(self, scores: Array) -> Mask:
        """Who has a place: the most points, by chance among equals."""
        last = -np.partition(-scores, self.places - 1)[self.places - 1]
        has: Mask = scores > last
        level = np.flatnonzero(scores == last)
        has[level[np.argsort(self.lot[level])[: self.places - int(has.sum())]]] = True
        return has
