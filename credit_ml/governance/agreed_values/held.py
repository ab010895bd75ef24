"""What citizens hold, what is proposed to them, what is agreed on, and what comes of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from scipy.stats import rankdata

from credit_ml.consequences.finding import ByGroup
from credit_ml.core import Array, Mask, Streams
from credit_ml.governance.agreed_values.ballots import (
    Ballots,
    VoteCount,
    ballots,
    mean_voter_bound,
    mean_weights,
    median_weights,
    weight_moved,
)
from credit_ml.governance.agreed_values.citizens import CitizenValues, citizen_weights
from credit_ml.governance.agreed_values.election import Election
from credit_ml.governance.agreed_values.finding import GIVEN, RULES
from credit_ml.inference import Estimate, difference

#: Why a number of one vote has no interval; `credit_ml.inference.resample_societies` gives one.
ONE_VOTE = "of one vote: other societies say how sure it is"
#: A measure, what estimates it, and of which values.
Asked = tuple[str, Callable[..., Estimate], tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldValues:
    """What citizens hold, what is proposed, and what is agreed on."""

    election: Election
    weights: Array
    """Each citizen's."""
    proposals: Mapping[str, Array]
    ballots: Ballots
    bound: float
    """Largest share that can prefer anything to the mean; NaN where nothing is promised."""

    @classmethod
    def of(cls, election: Election, values: CitizenValues) -> "HeldValues":
        """Draw what citizens hold, and put proposals to the vote."""
        card, options = election.card, election.options
        each = [(name, who, card.standing[who].mean(axis=0)) for name, who in election.there()]
        votes = values.pseudo_votes(np.array([standing for _, _, standing in each]), card.factors)
        of_citizen = np.zeros_like(card.standing)
        for (_, who, _), own in zip(each, votes, strict=True):
            of_citizen[who] = own
        weights = citizen_weights(of_citizen, seed=election.seed)
        chance = Streams(election.seed).generator("agreed_values.nominated")
        number = min(options.nominated, len(weights))
        drawn = chance.choice(len(weights), number, replace=False)
        proposals = {
            "mean": mean_weights(weights),
            "median": median_weights(weights),
            **election.given,
            "equal": card.equal_weights,
            **{f"mean of {name}": weights[who].mean(axis=0) for name, who in election.there()},
            **{f"citizen {n + 1}": weights[row] for n, row in enumerate(drawn)},
        }
        return cls(
            election=election,
            bound=mean_voter_bound(votes),
            weights=weights,
            proposals=proposals,
            ballots=ballots(weights, proposals),
        )

    @cached_property
    def count(self) -> VoteCount:
        """The vote."""
        return self.ballots.count()

    @cached_property
    def winners(self) -> dict[str, str]:
        """The proposal that stands for each rule."""
        return {"mean": "mean", "median": "median"} | self.count.winners

    @cached_property
    def agreed(self) -> dict[str, Array]:
        """Weights by rule, those of the State and the card first."""
        chosen = {rule: self.proposals[self.winners[rule]] for rule in RULES}
        return dict(self.election.given) | chosen

    def cycle(self) -> list[list[Any]]:
        """The cycle, as pairs of a proposal and the next, with the share who prefer the former."""
        names, places = self.count.cycle, self.count.names
        pairs = zip(names, (*names[1:], *names[:1]), strict=True)
        at = {name: number for number, name in enumerate(places)}
        return [[a, b, float(self.count.majorities[at[a], at[b]])] for a, b in pairs]

    def rows(self, by: ByGroup) -> Iterator[dict[str, Any]]:
        """Yield everything that is measured."""
        election, agreed = self.election, self.agreed
        scores = {rule: election.card.raw(each) for rule, each in agreed.items()}
        scores["state"] = election.state_points
        high = {rule: election.winners_of(each) for rule, each in scores.items()}
        ranks = {rule: 100.0 * rankdata(each) / len(each) for rule, each in scores.items()}
        moved = weight_moved(self.weights, np.array(list(agreed.values())))
        own = self._own_distance()
        for number, rule in enumerate(agreed):
            yield from self._weights(by, rule)
            far = moved[:, number]
            asked: list[Asked] = [
                ("distance", by.people.mean, (far,)),
                ("loss", by.people.mean, (far - own,)),
                ("ranked_high", by.people.share, (high[rule],)),
                ("rank", by.people.mean, (ranks[rule],)),
                ("auc", by.people.auc, (ranks[rule], election.kept)),
            ]
            if rule != "state":
                asked.append(("points", by.people.mean, (election.card.points(agreed[rule]),)))
            if rule in RULES:
                asked += self._preferences(by, rule, ranks, high)
            for measure, estimate, values in asked:
                for row in by.rows("", measure, estimate, *values):
                    row.pop("consequence")
                    yield {"rule": rule, **row}
        yield from self._without(by, high["mean"])
        yield from self._votes(high)

    def _without(self, by: ByGroup, high: Mask) -> Iterator[dict[str, Any]]:
        """Yield who would be ranked high if the mean of weights left out one factor."""
        weights = self.agreed["mean"]
        for number, factor in enumerate(self.election.card.factors):
            others = np.where(np.arange(len(weights)) == number, 0.0, weights)
            gained = self.election.winners_of(self.election.card.raw(others)).astype(float) - high
            for row in by.rows("", "high_gained_without", by.people.mean, gained):
                row.pop("consequence")
                yield {"rule": "mean", "factor": factor, **row}

    def _own_distance(self) -> Array:
        """Each citizen's distance from the mean weights of their own group."""
        far = np.zeros(len(self.weights))
        for _, who in self.election.there():
            own = self.weights[who]
            far[who] = weight_moved(own, own.mean(axis=0)[None])[:, 0]
        return far

    def _weights(self, by: ByGroup, rule: str) -> Iterator[dict[str, Any]]:
        for number, factor in enumerate(self.election.card.factors):
            told: dict[str, Any] = {"estimate": float(self.agreed[rule][number])}
            if rule == "mean":
                told = by.people.mean(self.weights[:, number]).facts(by.level)
            else:
                told["reason"] = ONE_VOTE
            yield {"rule": rule, "factor": factor, "measure": "weight", **told}

    def _preferences(
        self, by: ByGroup, rule: str, ranks: Mapping[str, Array], high: Mapping[str, Mask]
    ) -> list[Asked]:
        found: list[Asked] = []
        for other in GIVEN:
            both = np.array([self.agreed[rule], self.agreed[other]])
            far = ((self.weights[:, None] - both) ** 2).sum(axis=2)
            nearer = np.where(far[:, 0] == far[:, 1], 0.5, far[:, 0] < far[:, 1])
            gained = ranks[rule] - ranks[other]
            higher = np.where(np.abs(gained) < 1e-9, 0.5, gained > 0)
            found.append((f"prefers_to_{other}", by.people.share, (nearer,)))
            found.append((f"higher_than_{other}", by.people.share, (higher,)))
            found.append((f"places_over_{other}", by.people.mean, (gained,)))
            more = high[rule].astype(float) - high[other]
            found.append((f"high_over_{other}", by.people.mean, (more,)))
            areas = ranks[rule], ranks[other], self.election.kept
            found.append((f"auc_over_{other}", partial(_areas_apart, by), areas))
        return found

    def _votes(self, high: Mapping[str, Mask]) -> Iterator[dict[str, Any]]:
        """Yield what is true of the vote as a whole."""
        at = {name: number for number, name in enumerate(self.count.names)}
        stands = self.winners | {name: name for name in GIVEN}
        everywhere = {"people": len(self.weights), "reason": ONE_VOTE}
        for rule, name in stands.items():
            worst = float(self.count.worst_defeat[at[name]])
            yield {"rule": rule, "measure": "worst_defeat", "estimate": worst, **everywhere}
        for rule in RULES:
            for other in GIVEN:
                share = float(self.count.majorities[at[stands[rule]], at[other]])
                named = {"rule": rule, "against": other, "measure": "majority"}
                yield named | {"estimate": share, **everywhere}
        for (rule, measure), value in self._drawn_again(high).items():
            yield {"rule": rule, "measure": measure, "estimate": value, **everywhere}
        told = {"cycle": bool(self.count.cycle), "unbeaten": self.count.worst_defeat.min() <= 0.5}
        for measure, there in told.items():
            named = {"rule": "pairwise", "measure": measure}
            yield named | {"estimate": float(there), **everywhere}

    def _drawn_again(self, high: Mapping[str, Mask]) -> dict[tuple[str, str], float]:
        """How often the same is agreed on, and the share of places that stay, over draws."""
        size, number = len(self.weights), self.election.options.draws
        chance = Streams(self.election.seed).generator("agreed_values.draws")
        same, stay = dict.fromkeys(self.count.winners, 0), dict.fromkeys(RULES, 0.0)
        known: dict[tuple[str, str], float] = {}
        for _ in range(number):
            rows = chance.integers(size, size=size)
            drawn = self.weights[rows]
            stay["mean"] += self._places_kept(mean_weights(drawn), high["mean"])
            stay["median"] += self._places_kept(median_weights(drawn), high["median"])
            times = np.bincount(rows, minlength=size)
            for rule, name in self.ballots.count(times).winners.items():
                same[rule] += name == self.winners[rule]
                if (rule, name) not in known:
                    known[rule, name] = self._places_kept(self.proposals[name], high[rule])
                stay[rule] += known[rule, name]
        found = {(rule, "same_choice"): times / number for rule, times in same.items()}
        return found | {(rule, "places_kept"): share / number for rule, share in stay.items()}

    def _places_kept(self, weights: Array, high: Mask) -> float:
        """Share of places that go to the same people by other weights."""
        other = self.election.winners_of(self.election.card.raw(weights))
        return float((other & high).sum() / self.election.places)


def _areas_apart(by: ByGroup, one: Array, two: Array, kept: Array, who: Any) -> Estimate:
    """How much better one score tells than another who keeps, of the same people."""
    return difference(by.people.auc(one, kept, who), by.people.auc(two, kept, who))
