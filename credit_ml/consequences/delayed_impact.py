"""What a loan does to the score of who gets it, a year later: fair lending can do harm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Array, Finding, InputError, beside, cited, conform, need_known
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.society import SENSITIVE, Society

#: Rules by which a lender may choose, the first without any thought of groups.
RULES = ("max_utility", "equal_opportunity", "demographic_parity")
#: Unit of every measure.
UNITS: dict[str, str] = beside(__file__)["units"]
#: Why one table's numbers have no interval; `resample_societies` gives them one.
NO_INTERVAL = "of whole groups: other societies say how sure it is"
#: Steps of the outcome curves that a finding keeps.
STEPS = 50
_COLUMNS = ("group", "points", "mass", "repaid")


@dataclass(frozen=True, kw_only=True)
class LoanTerms:
    """What a loan does to points, on a scale with ends.

    Raises
    ------
    InputError
        When a change is below zero, or the scale has no room.

    Examples
    --------
    >>> LoanTerms().move(np.array([800.0]), np.array([1.0])).tolist()
    [50.0]
    """

    gain: float = 75.0
    """Points that a loan repaid adds (Liu et al. 2018)."""
    loss: float = 150.0
    """Points that a default takes (Liu et al. 2018)."""
    low: float = 300.0
    high: float = 850.0
    """Ends of the scale, which no score leaves."""
    bounded: Literal["each", "mean"] = "each"
    """Whether each person's points stop at the ends, or the mean of those at one score does, as in
    the published code."""

    def __post_init__(self) -> None:
        for name in ("gain", "loss"):
            InputError.unless_at_least(0, name, getattr(self, name))
        room = self.low < self.high
        InputError.unless(room, "low", f"is {self.low:g}", f"give less than high, {self.high:g}")
        need_known(InputError, "bounded", self.bounded, ("each", "mean"))

    def move(self, points: Array, repaid: Array) -> Array:
        """Mean change of points of those with a loan, at each score."""
        up, down = points + self.gain, points - self.loss
        if self.bounded == "each":
            up, down = (np.clip(after, self.low, self.high) for after in (up, down))
        mean = repaid * up + (1.0 - repaid) * down
        return np.asarray(np.clip(mean, self.low, self.high) - points)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoredGroup:
    """One group as a lender sees it: how many stand at each score, and how many of them repay.

    Examples
    --------
    >>> two = ScoredGroup(name="a", people=10, points=np.array([700.0, 500.0]),
    ...                   mass=np.array([0.5, 0.5]), repaid=np.array([0.9, 0.4]))
    >>> two.lend(0.75).tolist()
    [1.0, 0.5]
    """

    name: str
    people: float
    points: Array
    """From the highest down."""
    mass: Array
    """Share of the group at each score; sums to 1."""
    repaid: Array
    """Share who repay at each score."""

    def lend(self, share: float, unit: Array | None = None) -> Array:
        """Chance of a loan at each score when the best `share` of `unit` (people) is lent to."""
        unit = self.mass if unit is None else unit
        above = np.cumsum(unit) - unit
        chance = np.clip((share - above) / np.where(unit > 0, unit, 1.0), 0.0, 1.0)
        return np.where(unit > 0, chance, (share > above + 1e-15).astype(np.float64))

    @property
    def repaying(self) -> Array:
        """Share of all who repay at each score."""
        return np.asarray(self.mass * self.repaid / (self.mass @ self.repaid))

    def utility(self, loans: Array, loss: float) -> float:
        """One for each loan repaid less `loss` for each default, for each member."""
        return float(self.mass @ (loans * (self.repaid - loss * (1.0 - self.repaid))))

    def change(self, loans: Array, terms: LoanTerms) -> float:
        """Mean change of points over all members."""
        return float(self.mass @ (loans * terms.move(self.points, self.repaid)))

    def threshold(self, loans: Array) -> float:
        """Points from which one has a loan, in between where chance decides at one score."""
        last = int(np.flatnonzero(loans > 0).max(initial=0))
        step = self.points[max(last - 1, 0)] - self.points[last]
        return float(self.points[last] + (1.0 - loans[last]) * step)

    def harmless_share(self, terms: LoanTerms) -> float:
        """Largest share of the group with loans before its mean score falls."""
        step = self.mass * terms.move(self.points, self.repaid)
        sums = np.cumsum(step)
        if sums[-1] >= 0:
            return 1.0
        place = int(np.flatnonzero(sums >= 0).max(initial=-1)) + 1
        before = np.concatenate([[0.0], sums])[place]
        above = float(self.mass[:place].sum())
        return above + float(self.mass[place] * before / -step[place])


class DelayedImpact(Finding):
    """What each lending rule does to each group's scores a step later (Liu et al. 2018).

    Own columns of `table`: rule, loss (units lost by a default for each gained by a loan repaid),
    and rate (share of the group with loans, of curves).

    - "selection_rate", "threshold", "change" (points, over all members), "relative" (change less
      that under max_utility) of each rule and loss; "utility" of everybody together.
    - "best_rate", "best_change": where a group's outcome curve is highest. "harmless_rate": share
      with loans beyond which its mean score falls. "outcome_curve": change by rate.

    Examples
    --------
    >>> row = {"measure": "change", "rule": "max_utility", "loss": "4", "group": "black",
    ...        "estimate": 8.9}
    >>> DelayedImpact(table=conform([row]), title="").metrics()
    {'delayed_impact.change.max_utility.4.black': 8.9}
    """

    kind: ClassVar[str] = "delayed_impact"
    labels: ClassVar[tuple[str, ...]] = ("rule", "loss", "rate")
    citations = cited("liu_2018")

    def metrics(self) -> dict[str, float]:
        """Mean change of points by rule, loss and group."""
        rows = self.table.query("measure == 'change'")
        names = "delayed_impact.change." + rows["rule"] + "." + rows["loss"] + "." + rows["group"]
        return dict(zip(names, rows["estimate"].tolist(), strict=True))

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the outcome curves, with each rule's place on them at the first loss."""
        axes = axes_or_new(axes)
        curves = self.table.query("measure == 'outcome_curve'")
        for number, (group, rows) in enumerate(curves.groupby("group", sort=False)):
            colour = PALETTE[number % len(PALETTE)]
            axes.plot(100 * rows["rate"].astype(float), rows["estimate"], color=colour, label=group)
            for rule, marker in zip(RULES, "osD", strict=True):
                at = self.table.query("group == @group and rule == @rule")
                at = at[at["loss"] == at["loss"].iloc[0]].set_index("measure")["estimate"]
                place = (100 * at["selection_rate"], at["change"])
                label = rule.replace("_", " ") if number == 0 else None
                axes.plot(*place, marker, color=colour, mec=INK, mew=0.6, ms=6, label=label)
        axes.axhline(0.0, color=INK, lw=0.8)
        axes.set_xlabel("share of the group with loans (%)")
        axes.set_ylabel("mean change of points")
        axes.legend()
        return axes


def scored_groups(table: pd.DataFrame, names: Sequence[str] | None = None) -> list[ScoredGroup]:
    """Return groups from a table of their scores, such as `credit_ml.datasets.transrisk`.

    Parameters
    ----------
    table : DataFrame
        Columns group, points, mass (share of the group), repaid; people if it has them.
    names : sequence of str, optional
        Which groups; all by default.

    Raises
    ------
    InputError
        When a column or a group is absent.

    Examples
    --------
    >>> from credit_ml.datasets import transrisk
    >>> [group.name for group in scored_groups(transrisk(), ["black", "white"])]
    ['black', 'white']
    """
    for column in _COLUMNS:
        need_known(InputError, "table, columns", column, [str(each) for each in table.columns])
    known = list(dict.fromkeys(table["group"]))
    found = []
    for name in known if names is None else names:
        need_known(InputError, "groups", name, known)
        rows = table[table["group"] == name].sort_values("points", ascending=False)
        points, mass, repaid = (rows[each].to_numpy(dtype=np.float64) for each in _COLUMNS[1:])
        people = float(rows["people"].iloc[0]) if "people" in rows else 1.0
        of = {"points": points, "mass": mass / mass.sum(), "repaid": repaid}
        found.append(ScoredGroup(name=str(name), people=people, **of))
    return found


def groups_by_score(
    rater: Rater, society: Society, *, sensitive: str, levels: int = 200
) -> list[ScoredGroup]:
    """Return the groups of a society as a lender sees them who knows a rater's points.

    Who repays is the true chance, so that nothing hangs on the luck of one obligation.

    Parameters
    ----------
    rater : Rater
    society : Society
    sensitive : str
        Feature whose groups they are.
    levels : int
        Scores that are told apart, as many people at each.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> [group.people for group in groups_by_score(rater, society, sensitive="hukou")]
    [273.0, 127.0]
    """
    need_known(InputError, "sensitive", sensitive, SENSITIVE)
    points = rater.score(rater.agency.view(society).X).to_numpy(dtype=np.float64)
    edges = np.unique(np.quantile(points, np.linspace(0, 1, levels + 1)))
    level = np.searchsorted(edges[1:-1], points, side="right")
    size = np.bincount(level)
    shown = np.bincount(level, points) / np.maximum(size, 1)
    chance = society.truth["probability"].to_numpy(dtype=np.float64)
    found = []
    for name in society.people[sensitive].cat.categories:
        who = (society.people[sensitive] == name).to_numpy()
        count = np.bincount(level[who], minlength=len(size)).astype(np.float64)
        kept = np.bincount(level[who], chance[who], minlength=len(size)) / np.maximum(count, 1.0)
        there = np.flatnonzero(count)[::-1]
        of = {"points": shown[there], "mass": count[there] / who.sum(), "repaid": kept[there]}
        found.append(ScoredGroup(name=str(name), people=float(who.sum()), **of))
    return found


def lending_rules(groups: Sequence[ScoredGroup], loss: float) -> dict[str, list[Array]]:
    """Loans by score of each group under each of `RULES`, the most useful that keep the rule.

    A lender lends from the highest score of each group down, and at the last score by chance.
    Utility is linear in the common share between the groups' scores, so the best share is at one of
    them. Cost: quadratic in scores.

    Examples
    --------
    >>> two = ScoredGroup(name="a", people=10, points=np.array([700.0, 500.0]),
    ...                   mass=np.array([0.5, 0.5]), repaid=np.array([0.9, 0.4]))
    >>> [loans[0].tolist() for loans in lending_rules([two], loss=4.0).values()]
    [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]
    """
    best = [(group.repaid * (1.0 + loss) > loss).astype(np.float64) for group in groups]
    units = {
        "equal_opportunity": [group.repaying for group in groups],
        "demographic_parity": [group.mass for group in groups],
    }
    return {RULES[0]: best} | {rule: _alike(groups, unit, loss) for rule, unit in units.items()}


def _alike(groups: Sequence[ScoredGroup], units: Sequence[Array], loss: float) -> list[Array]:
    """Most useful loans that reach the same share of every group's unit."""
    shares = np.unique(np.concatenate([[0.0], *(np.cumsum(unit) for unit in units)]))
    pairs = list(zip(groups, units, strict=True))
    return max(
        ([group.lend(share, unit) for group, unit in pairs] for share in shares),
        key=lambda loans: _together(groups, loans, loss),
    )


def _together(groups: Sequence[ScoredGroup], loans: Sequence[Array], loss: float) -> float:
    people = sum(group.people for group in groups)
    pairs = zip(groups, loans, strict=True)
    return sum(group.people / people * group.utility(each, loss) for group, each in pairs)


def delayed_impact(
    groups: Sequence[ScoredGroup],
    *,
    losses: Sequence[float] = (4.0, 10.0),
    terms: LoanTerms | None = None,
    sensitive: str = "group",
) -> DelayedImpact:
    """Measure what lending rules do to groups' scores one step later (Liu et al. 2018).

    Who has a loan and repays it gains points, who defaults loses more of them. Per rule: the share
    of each group with loans and the mean change of its points. A rule does *active harm* where that
    is below 0, and *relative harm* where it is below that of the lender's own choice.

    Cost: quadratic in scores, for each rule and loss.

    Parameters
    ----------
    groups : sequence of ScoredGroup
        `scored_groups` of a table, or `groups_by_score` of a society.
    losses : sequence of float
        Units that a default costs the lender, for each that a loan repaid brings.
    terms : LoanTerms, optional
        What a loan does to points.
    sensitive : str
        What the groups are groups of, for the table.

    Raises
    ------
    InputError
        When there is no group, or a loss is not above zero.

    References
    ----------
    Liu, L. T., Dean, S., Rolf, E., Simchowitz, M. and Hardt, M. (2018). Delayed impact of fair
    machine learning. ICML.

    Examples
    --------
    >>> from credit_ml.datasets import transrisk
    >>> found = delayed_impact(scored_groups(transrisk(), ["black", "white"]), losses=[4.0])
    >>> rows = found.table.query("measure == 'change' and group == 'black'")
    >>> dict(zip(rows["rule"], rows["estimate"].round(1)))
    {'max_utility': 8.3, 'equal_opportunity': 5.9, 'demographic_parity': -17.3}
    """
    InputError.unless(groups, "groups", "are empty", "give at least one")
    for loss in losses:
        InputError.unless(loss > 0, "losses", f"hold {loss:g}", "give numbers above 0")
    terms = terms or LoanTerms()
    rows = [row for group in groups for row in _of_group(group, terms)]
    rows += [row for loss in losses for row in _of_rules(groups, loss, terms)]
    # Text, so that facts of other societies are found by it: no number equals a missing one.
    table = conform([{"rule": "", "loss": "", "rate": "", **row} for row in rows])
    table["sensitive"] = np.where(table["group"] == "all", "overall", sensitive)
    return DelayedImpact(
        table=table.assign(unit=table["measure"].map(UNITS), reason=NO_INTERVAL),
        title="What lending rules do to scores a step later",
        parameters={"gain": terms.gain, "loss": terms.loss, "bounded": terms.bounded},
        notes=tuple(beside(__file__)["notes"]),
    )


def _of_group(group: ScoredGroup, terms: LoanTerms) -> Iterator[dict[str, Any]]:
    """Yield the outcome curve of a group, its top, and where it crosses zero."""
    rates = np.cumsum(group.mass)
    changes = np.cumsum(group.mass * terms.move(group.points, group.repaid))
    top = int(changes.argmax())
    of = {"group": group.name, "people": group.people}
    above = bool(changes[top] > 0)
    yield of | {"measure": "best_rate", "estimate": float(rates[top]) if above else 0.0}
    yield of | {"measure": "best_change", "estimate": max(float(changes[top]), 0.0)}
    yield of | {"measure": "harmless_rate", "estimate": group.harmless_share(terms)}
    for rate in np.linspace(0.0, 1.0, STEPS + 1):
        change = np.interp(rate, [0.0, *rates], [0.0, *changes])
        yield of | {"measure": "outcome_curve", "rate": f"{rate:.2f}", "estimate": float(change)}


def _of_rules(
    groups: Sequence[ScoredGroup], loss: float, terms: LoanTerms
) -> Iterator[dict[str, Any]]:
    rules = lending_rules(groups, loss)
    own = [each.change(one, terms) for each, one in zip(groups, rules[RULES[0]], strict=True)]
    for rule, loans in rules.items():
        of = {"rule": rule, "loss": f"{loss:g}"}
        together = _together(groups, loans, loss)
        yield of | {"measure": "utility", "estimate": together}
        for group, chance, first in zip(groups, loans, own, strict=True):
            change = group.change(chance, terms)
            for measure, value in {
                "selection_rate": float(group.mass @ chance),
                "threshold": group.threshold(chance),
                "change": change,
                "relative": change - first,
            }.items():
                about = {"group": group.name, "people": group.people, "measure": measure}
                yield of | about | {"estimate": value}
