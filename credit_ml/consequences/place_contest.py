"""A contest for few places: who spends on rank, who gets in, and how much is burnt (S14, S23)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Unpack

import numpy as np
from scipy.stats import rankdata

from credit_ml.agencies import Rater
from credit_ml.consequences.finding import ByGroup, GroupOptions
from credit_ml.core import (
    AgencyError,
    Array,
    InputError,
    Mask,
    Streams,
    beside,
    cited,
    conform,
    need_known,
)
from credit_ml.core.figure import Axes, named_points
from credit_ml.fairness.finding import GroupFinding
from credit_ml.response import Economy, Menu, cheapest
from credit_ml.response.menu import Action, menu_of
from credit_ml.response.menu_checks import actions_on
from credit_ml.society import Society
from credit_ml.strategic import rank_contest

#: How places are given: by today's points, from a threshold on, to as many as today, or by rank
#: in spending alone.
SCHEDULES = ("today", "threshold", "quota", "status")
#: Unit of every measure.
UNITS: dict[str, str] = beside(__file__)["units"]
#: Halvings of the range of points in the search for what a place costs.
_HALVINGS = 18


class PlaceContest(GroupFinding):
    """Who gets one of a fixed number of places, who spends on it, and what it changes.

    Own column of `table`: schedule. "today": places go to the most points, and nobody acts.
    "threshold": whoever reaches today's last winner's points has a place. "quota": as many
    places as today, so that the points of the last rise until as many are left. "status": no
    places; rank in spending itself counts (`rank_contest`).

    - "granted": share with a place. "acted": share who spend. "spending" and "burnt": share of all
      income that is spent, and that is spent on what changes no chance of keeping.
    - "gain": worth of the place less spending, share of own yearly income, on average.
    - "rank_change": places out of 100 gained; of everybody it is 0 whatever they spend.

    Examples
    --------
    >>> row = {"measure": "burnt", "schedule": "quota", "estimate": 0.004}
    >>> PlaceContest(table=conform([row]), title="").metrics()
    {'place_contest.quota.burnt': 0.004}
    """

    kind: ClassVar[str] = "place_contest"
    labels: ClassVar[tuple[str, ...]] = ("schedule",)
    tracked: ClassVar[tuple[str, ...]] = ("schedule", "measure", "sensitive", "group")
    citations = cited("siegel_2009", "olszewski_2016", "hopkins_2004")

    def plot(self, axes: Axes | None = None, *, measure: str = "burnt") -> Axes:
        """Draw one measure of every schedule, of everybody and of each group."""
        need_known(InputError, "place contest, measure", measure, UNITS)
        rows = self.table[(self.table["measure"] == measure) & (self.table["quantity"] == "value")]
        who = np.where(rows["sensitive"] == "overall", "all", rows["group"])
        scale = 100.0 if UNITS[measure].startswith("share") else 1.0
        axes = named_points(axes, rows.assign(who=who), "schedule", "who", scale=scale)
        axes.set_xlabel(UNITS[measure].replace("share", "%", 1))
        return axes


@dataclass(frozen=True, kw_only=True, eq=False)
class _Outcome:
    """What one schedule does to each person."""

    granted: Mask
    spending: Array
    """Shares of own yearly income."""
    burnt: Array
    """The part of it that changes no chance of keeping."""
    points: Array
    """After all acted."""


def place_contest(
    rater: Rater,
    society: Society,
    *,
    privilege: str | None = None,
    places: float | None = None,
    menu: Menu | Mapping[str, Any] | str | Path | None = None,
    seed: int = 0,
    **groups: Unpack[GroupOptions],
) -> PlaceContest:
    """Hold a privilege for a fixed number of people against the same one from a threshold on.

    Everybody knows the score, can do a menu's actions, and would give the privilege's worth for
    a place. Under a quota the points of a place rise to where as many can and want to reach them as
    there are places (the threshold of an all-pay contest among many, Siegel 2009 and Olszewski and
    Siegel 2016): who gets in spends the least that brings them there, everybody else stays, and
    the total is the same whatever they spend. At the margin, where several reach no further than
    the last place, chance decides.

    Cost: about twenty searches for cheapest bundles (`credit_ml.response.cheapest`).

    Parameters
    ----------
    rater : Rater
    society : Society
    privilege : str, optional
        Of the agency; its first by default. Its worth and, unless `places` are given, the share
        who reach its threshold today.
    places : float, optional
        Share of people with a place, within 0 and 1.
    menu : Menu, mapping, str or Path, optional
        What people can do; the default menu.
    seed : int
        Of the chance at the margin.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    AgencyError
        When the agency grants nothing, or nothing of that id.
    InputError
        When there are no places, or as many as people.

    References
    ----------
    Siegel, R. (2009). All-pay contests. Econometrica 77, 71-92.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> found = place_contest(rater, society, places=0.2, sensitive="hukou")
    >>> granted = found.table.query("measure == 'granted' and group == 'all'")
    >>> granted.set_index("schedule")["estimate"].loc[["today", "quota"]].tolist()
    [0.2, 0.2]
    """
    granted = rater.agency.privileges
    AgencyError.unless(granted, rater.agency.id, "grants nothing", "give an agency that does")
    chosen = granted[0] if privilege is None else rater.agency.privilege(privilege)
    contest = _Contest.of(rater, society, worth=chosen.value, menu=menu, seed=seed)
    if places is None:
        places = float((contest.now >= chosen.threshold).mean())
    number = round(places * len(society))
    fits = 0 < number < len(society)
    InputError.unless(fits, "places", f"are {number} of {len(society):,}", "give a share between")
    outcomes, price = contest.outcomes(number)
    by = ByGroup(rater.agency.view(society), **groups)
    rows = [
        row for schedule, each in outcomes.items() for row in _rows(by, contest, schedule, each)
    ]
    rows += _of_status(by, contest)
    asked = {"rater": rater.name, "privilege": chosen.id, "places": number, "worth": chosen.value}
    return PlaceContest(
        table=conform(rows).assign(unit=lambda table: table["measure"].map(UNITS)),
        title=f"{number:,} places for {len(society):,} people: {chosen.name}",
        parameters=asked | price | by.parameters,
        seed=seed,
        notes=(*beside(__file__)["notes"], by.people.note),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Contest:
    """Who contends, with what, and for what worth."""

    rater: Rater
    X: Any
    actions: tuple[Action, ...]
    economy: Economy
    now: Array
    """Points today."""
    lot: Array
    """Chance at the margin."""
    worth: float

    @classmethod
    def of(
        cls, rater: Rater, society: Society, *, worth: float, menu: Any, seed: int
    ) -> "_Contest":
        dataset, actions = actions_on(menu_of(menu), rater, rater.agency.view(society))
        yearly = 12.0 * society.records["income"].to_numpy(dtype=np.float64)
        return cls(
            rater=rater,
            X=dataset.X,
            actions=actions,
            economy=Economy.of(actions, yearly),
            now=rater.score(dataset.X).to_numpy(dtype=np.float64),
            lot=Streams(seed).generator("place_contest.margin").random(len(society)),
            worth=worth,
        )

    @property
    def income(self) -> Array:
        return self.economy.yearly_income

    def outcomes(self, places: int) -> tuple[dict[str, _Outcome], dict[str, float]]:
        """What each schedule does, and the points of a place under it."""
        first = self._best(np.ones(len(self.now), dtype=bool), self.now, places)
        last = float(self.now[first].min())
        idle = np.zeros(len(self.now))
        low, high = last, float(self.now.max()) + np.ptp(self.now) + 1.0
        reached = self._reach(low)
        below = reached
        above = self._reach(high)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            tried = self._reach(middle)
            if tried.granted.sum() > places:
                low, below = middle, tried
            else:
                high, above = middle, tried
        return {
            "today": _Outcome(granted=first, spending=idle, burnt=idle, points=self.now),
            "threshold": reached,
            "quota": self._filled(above, below, places),
        }, {"threshold_today": last, "threshold_quota": float(high)}

    def _reach(self, threshold: float) -> _Outcome:
        """Everybody for whom the points are worth what they cost gets there, and no further."""
        found = cheapest(self.rater, self.X, self.actions, self.economy, threshold)
        pays = found.reachable & (np.nan_to_num(found.costs, nan=np.inf) <= self.worth)
        idle = [not action.outcome_effect for action in self.actions]
        does = (found.masks[:, None] >> np.arange(len(self.actions))) & 1 == 1
        spending = np.where(pays, found.costs, 0.0)
        burnt = np.where(pays[:, None] & does & idle, self.economy.single_costs, 0.0).sum(axis=1)
        points = np.where(pays, found.scores, self.now)
        burnt = np.minimum(burnt, spending)
        return _Outcome(granted=pays, spending=spending, burnt=burnt, points=points)

    def _filled(self, above: _Outcome, below: _Outcome, places: int) -> _Outcome:
        """Give what is left to those who reach the margin; who has no place spends nothing."""
        granted = above.granted.copy()
        margin = below.granted & ~granted
        left = places - int(granted.sum())
        marginal = self._best(margin, below.points, left)
        each = {
            name: np.where(granted, getattr(above, name), getattr(below, name))
            for name in ("spending", "burnt", "points")
        }
        has = granted | marginal
        for name, idle in (("spending", 0.0), ("burnt", 0.0), ("points", self.now)):
            each[name] = np.where(has, each[name], idle)
        return _Outcome(granted=has, **each)

    def _best(self, who: Mask, points: Array, places: int) -> Mask:
        """The first of some people by points, and by chance among equals."""
        order = np.lexsort((self.lot, -points, ~who))[: min(places, int(who.sum()))]
        best = np.zeros(len(points), dtype=bool)
        best[order] = True
        return best


def _rows(
    by: ByGroup, contest: _Contest, schedule: str, found: _Outcome
) -> Iterator[dict[str, Any]]:
    people, income, size = by.people, contest.income, len(found.points)
    rank = 100.0 * (rankdata(found.points) - rankdata(contest.now)) / size
    gain = contest.worth * found.granted - found.spending
    asked: list[tuple[str, Any, tuple[Any, ...]]] = [
        ("granted", people.share, (found.granted,)),
        ("acted", people.share, (found.spending > 0,)),
        ("spending", people.rate, (income * found.spending, income)),
        ("burnt", people.rate, (income * found.burnt, income)),
        ("gain", people.mean, (gain,)),
        ("rank_change", people.mean, (rank,)),
    ]
    yield from _labelled(by, schedule, asked)


def _of_status(by: ByGroup, contest: _Contest) -> Iterator[dict[str, Any]]:
    """Yield what a race for rank in spending alone would burn; nobody passes anybody in it."""
    race = rank_contest(contest.income)
    asked: list[tuple[str, Any, tuple[Any, ...]]] = [
        ("burnt", by.people.rate, (race.income * race.burnt, race.income)),
        ("rank_change", by.people.mean, (np.zeros(len(race.income)),)),
    ]
    yield from _labelled(by, "status", asked)


def _labelled(
    by: ByGroup, schedule: str, asked: list[tuple[str, Any, tuple[Any, ...]]]
) -> Iterator[dict[str, Any]]:
    for measure, estimate, values in asked:
        for row in by.rows(schedule, measure, estimate, *values):
            yield {"schedule": row.pop("consequence"), **row}
