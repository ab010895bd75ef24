"""A history: what some years under a policy made of a society, by group."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Unpack

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from credit_ml.agencies import Rater
from credit_ml.consequences.finding import GroupOptions, groups_and_districts
from credit_ml.core import (
    BLOCK,
    Array,
    Dataset,
    InputError,
    Mask,
    Streams,
    TableError,
    beside,
    cited,
    need_known,
)
from credit_ml.core.figure import Axes, named_points
from credit_ml.core.provenance import array_digest
from credit_ml.dynamics.catalogue import broken_title
from credit_ml.dynamics.records import society_of
from credit_ml.dynamics.state import ANSWERED, State
from credit_ml.dynamics.year import Rules
from credit_ml.fairness.figure import group_names
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import Estimate, People, checked_level, comparisons_of, groups_of
from credit_ml.response import Aim
from credit_ml.society import Society

#: What is said of every year.
YEARLY = ("year", "broken", "orders", "listed", "capacity_lost")
#: What is measured, and its unit.
UNITS: dict[str, str] = beside(__file__)["units"]
_UNBOUNDED = (-np.inf, np.inf)
#: By name, what estimates a measure of some people.
Measures = Mapping[str, Callable[[People, Any], Estimate]]


class Lives(GroupFinding):
    """What the years did to people, policy by policy and group by group, each with its interval.

    Own columns of `table`: policy, against (what a change is held against), and of ("value" or
    "change", also of differences). `quantity` is "value" of a history, and "change" of `changes`:
    what is measured under the policy less that of the same people without it. Differences are group
    less reference group, of either. Where assumptions were varied (`policy_effects`), rows of
    quantity "varied" name one in ``varied`` and its value in ``at``.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"measure": "listed", "estimate": 0.02, "policy": "joined", "against": ""}
    >>> Lives(table=conform([row]), title="").metrics()
    {'rounds.joined.listed': 0.02}
    """

    kind: ClassVar[str] = "rounds"
    labels: ClassVar[tuple[str, ...]] = ("policy", "against")
    shown_in: ClassVar[Mapping[str, str]] = UNITS
    tracked: ClassVar[tuple[str, ...]] = ("policy", "against", "measure", "sensitive", "group")
    citations = cited("li_2018")

    def to_track(self) -> pd.DataFrame:
        """Changes where there are some, else values; no differences."""
        quantity = self.table["quantity"]
        return self.table[quantity == ("change" if (quantity == "change").any() else "value")]

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of shares and chances lie from 0 to 1, of what is counted above 0."""
        least, most = super().possible()
        value = (self.table["quantity"] == "value").to_numpy()
        units = self.table["measure"].map(UNITS).fillna("correlation or unknown")
        least[value & ~units.str.startswith("correlation").to_numpy()] = 0.0
        most[value & units.str.startswith(("share", "chance")).to_numpy()] = 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, measure: str = "broken") -> Axes:
        """Draw one measure of every policy, of everybody and of each group.

        Raises
        ------
        TableError
            When nothing of that name was measured.
        """
        need_known(TableError, "rounds, measure", measure, self.table["measure"].unique())
        rows = self.to_track().query("measure == @measure").copy()
        rows["who"] = group_names(rows)
        rows["policy"] = [broken_title(each) for each in rows["policy"]]
        change = "change of " if (rows["quantity"] == "change").any() else ""
        scale = 100.0 if UNITS[measure].startswith(("share", "chance")) else 1.0
        axes = named_points(axes, rows, "policy", "who", scale=scale)
        unit = UNITS[measure].replace("share", "%", 1) if scale > 1 else UNITS[measure]
        if change and scale > 1:
            unit = f"{UNITS[measure]} (percentage points)"
        axes.set_xlabel(f"{change}{unit}\n{self.level_text} intervals")
        axes.axvline(0.0, color="0.6", linewidth=0.8, zorder=0)
        return axes


@dataclass(frozen=True, kw_only=True)
class SocietyHistory:
    """A society, the rules that it lived under, and the state that it came to.

    Examples
    --------
    >>> from credit_ml.dynamics import run_rounds
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> history = run_rounds(society, "no_list", years=2)
    >>> history
    SocietyHistory(no_list; 500 citizens, 2 years)
    >>> len(history.after()), int(history.years["listed"].sum())
    (500, 0)
    """

    society: Society
    """As it was before the first year."""
    rules: Rules
    state: State
    """After the last year."""
    raters: Mapping[str, Rater] = field(default_factory=dict, repr=False)
    yearly: tuple[Sequence[float], ...] = field(repr=False)
    behaviour: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """A row a year and record that answers move: share of people in whom it is `moved`, `distance`
    from what it would be without them (mean absolute), `mean` and `variance` with and without."""

    def __repr__(self) -> str:
        people = f"{len(self.society):,} citizens, {self.state.year} years"
        return f"SocietyHistory({self.rules.policy.id}; {people})"

    @property
    def years(self) -> pd.DataFrame:
        """One row a year: shares who broke and are listed, orders made, capacity lost (SD)."""
        frame = pd.DataFrame(list(self.yearly), columns=list(YEARLY)).astype({"year": int})
        return frame.assign(orders=frame["orders"].diff().fillna(frame["orders"]).astype(int))

    def after(self) -> Society:
        """Return the society after the last year, for any instrument."""
        return society_of(self.rules, self.society, self.state)

    def digest(self) -> str:
        """SHA-256 of the state."""
        state = self.state
        arrays = {name: getattr(state, name) for name in ("late", "orders", "kept", "remaining")}
        arrays |= {name: getattr(state, name) for name in ("grade", "loss", "child_loss", "shock")}
        if state.answers is not None:
            arrays |= {"masks": state.answers.masks, "odds": state.answers.odds}
            arrays |= {f"moved.{name}": each for name, each in state.answers.moved.items()}
        if state.placed is not None:
            arrays["placed"] = state.placed
        if state.inherited is not None:
            arrays["inherited"] = state.inherited
        if state.tie_cut is not None and state.tie_cut.any():
            arrays["tie_cut"] = state.tie_cut
        return array_digest(
            arrays | {f"totals.{name}": each for name, each in state.totals.items()}
        )

    def by_group(self, **groups: Unpack[GroupOptions]) -> Lives:
        """Measure what the years did, by group.

        Cost: one pass over citizens for each measure and group.

        Parameters
        ----------
        sensitive, reference_groups, intervals, over
            As in `credit_ml.fairness.audit`. Intervals say how sure a number is of this society's
            people or districts; `policy_effects` resamples societies.

        Examples
        --------
        >>> from credit_ml.dynamics import Life, run_rounds
        >>> from credit_ml.society import World
        >>> society = World(citizens=2_000, seed=1).simulate()
        >>> history = run_rounds(society, "joined", years=3, life=Life(order_chance=0.2))
        >>> lives = history.by_group(sensitive="hukou")
        >>> bool(lives.by_group.loc["rural", "listed"] > lives.by_group.loc["urban", "listed"])
        True
        """
        title = f"{self.rules.policy.title}, {self.state.year} years"
        return _lives(self, [self.measures(self.met)], title, **groups)

    @property
    def met(self) -> Mask:
        """Who was ever on a list."""
        return np.asarray(self.state.totals["entries"] > 0)

    def measures(self, met: Mask) -> Measures:
        """Return each measure as what estimates it of some people; `met` are those of the list."""
        totals = {name: each.astype(np.float64) for name, each in self.state.totals.items()}
        years = np.full(len(self.society), float(self.state.year))
        children = self.society.records["children"].to_numpy(dtype=np.float64)
        free, broken_free = (
            years - totals["listed_years"],
            totals["broken"] - totals["broken_listed"],
        )
        ranks = self._ranks()
        done = [name for name in (*ANSWERED, "placed") if name in totals]

        def rate(top: Any, bottom: Any, bounds: Any = (0.0, 1.0)) -> Any:
            return lambda people, who: people.rate(top, bottom, who, bounds=bounds)

        return {
            "broken": rate(totals["broken"], years),
            "orders": lambda people, who: people.mean(100 * totals["orders"] / years, who),
            "listed": rate(totals["listed"], years),
            "ever_listed": lambda people, who: people.share(self.met, who),
            "restrictions": rate(totals["restrictions"], totals["listed"], _UNBOUNDED),
            "broken_while_listed": rate(totals["broken_listed"], totals["listed_years"]),
            "broken_while_free": rate(broken_free, free),
            "escape": rate(totals["exits"], totals["listed_years"]),
            "broken_of_the_listed": rate(totals["broken"] * met, years * met),
            "capacity_lost": lambda people, who: people.mean(self.state.loss, who),
            "children_barred": rate(children * totals["child_barred"], children * years),
            "child_capacity_lost": rate(children * self.state.child_loss, children, _UNBOUNDED),
            "persistence": lambda people, who: people.correlation(*ranks, _with(children > 0, who)),
            **{
                name: _a_year(totals[name] * (100 if "reported" in name else 1) / years)
                for name in done
            },
        }

    def _ranks(self) -> tuple[Any, Any]:
        """Ranks of parents' and of children's capacity, among all parents."""
        return rankdata(self.capacity), rankdata(self.child_capacity)

    @property
    def capacity(self) -> Array:
        """Everybody's capacity before the first year, SD."""
        own: Array = self.society.truth["capacity"].to_numpy(dtype=np.float64)
        return own if self.state.inherited is None else own + self.state.inherited

    @property
    def child_capacity(self) -> Array:
        """Capacity of a child of each citizen, SD.

        ``y' = r y + sqrt(1 - r^2) e - M``: r = `inheritance`, e standard normal and the child's
        own, M what closed schools took from it.
        """
        size, share = len(self.society), self.rules.life.inheritance
        luck = np.concatenate(
            [
                Streams(self.rules.seed)
                .generator("rounds.inheritance", block)
                .standard_normal(min(BLOCK, size - block * BLOCK))
                for block in range(-(-size // BLOCK))
            ]
        )
        child: Array = share * self.capacity + np.sqrt(1.0 - share**2) * luck
        return child - self.state.child_loss


def changes(
    policy: SocietyHistory, without: SocietyHistory, **groups: Unpack[GroupOptions]
) -> Lives:
    """What a policy changed: each measure under it less the same people's without it.

    Both histories share every draw of chance, so whoever is met by neither policy has the same
    life in both, and differences are effects.

    Cost: that of two `SocietyHistory.by_group`.

    Parameters
    ----------
    policy, without : SocietyHistory
        Of one society, as many years and one seed.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    InputError
        When the histories are not of one society, number of years, way of life and seed.

    Examples
    --------
    >>> from credit_ml.dynamics import run_rounds
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> pair = [run_rounds(society, name, years=2) for name in ("joined", "joined")]
    >>> changes(*pair).table["estimate"].dropna().abs().max()
    np.float64(0.0)
    """
    one, two = policy, without
    checked_pair(one, two)
    title = f"{one.rules.policy.title} against {two.rules.policy.title}, {one.state.year} years"
    return _lives(one, _both(one, two), title, against=two.rules.policy.id, **groups)


def headlines(
    policy: SocietyHistory,
    without: SocietyHistory,
    names: Mapping[str, str],
    **groups: Unpack[GroupOptions],
) -> tuple[Lives, Lives]:
    """What `changes` and `by_group` say of a few measures, each "change" or "difference"."""
    changed, between = ([n for n, how in names.items() if how == h] for h in _HEADLINED)
    effects = _lives(policy, _both(policy, without), "", without.rules.policy.id, changed, **groups)
    return effects, _lives(policy, [policy.measures(policy.met)], "", "", between, **groups)


_HEADLINED = ("change", "difference")


def _both(policy: SocietyHistory, without: SocietyHistory) -> list[Measures]:
    """Measures under a policy and those of the same people without it."""
    own = {**policy.measures(policy.met), **_price(policy, without)}
    return [own, without.measures(policy.met)]


def _price(policy: SocietyHistory, without: SocietyHistory) -> Measures:
    """What a listing buys, where the other policy lists nobody: nothing else is its price."""
    listings = policy.state.totals["listed"].astype(np.float64)
    if without.state.totals["listed"].any() or not listings.any():
        return {}
    broken = (each.state.totals["broken"].astype(np.float64) for each in (without, policy))
    kept = next(broken) - next(broken)
    bounds = _UNBOUNDED
    return {
        "kept_for_a_listing": lambda people, who: people.rate(kept, listings, who, bounds=bounds)
    }


def checked_pair(one: SocietyHistory, two: SocietyHistory) -> None:
    """Refuse two histories that do not share every draw."""
    for name, alike in {
        "society": one.society is two.society or one.society.digest() == two.society.digest(),
        "years": one.state.year == two.state.year,
        "seed": one.rules.seed == two.rules.seed,
        "life": one.rules.life == two.rules.life,
    }.items():
        InputError.unless(alike, f"changes, {name}", "differs between the histories", "pair them")


def _a_year(values: Any) -> Callable[[People, Any], Estimate]:
    return lambda people, who: people.mean(values, who)


def _zero(people: People, who: Any) -> Estimate:
    """What nobody does or has without a policy, and what a policy changes for nobody."""
    return people.mean(np.zeros(len(people.each)), who)


def _alike(one: Estimate, two: Estimate) -> bool:
    """Whether everybody adds the same to both: what shares every draw then differs for nobody.

    Shares joined by their ends would say that it might have, for their intervals are lopsided.
    """
    if one.influence is None or two.influence is None:
        return False
    return bool(one.value == two.value) and np.array_equal(one.influence, two.influence)


def _with(some: Any, who: Any) -> Any:
    return some if who is None else some & who


def _lives(
    history: SocietyHistory,
    measures: Sequence[Measures],
    title: str,
    against: str = "",
    names: Iterable[str] = tuple(UNITS),
    **options: Unpack[GroupOptions],
) -> Lives:
    """Rows of measures of everybody, each group, and each beside its reference group."""
    labels = {"policy": history.rules.policy.id, "against": against}
    rows, people, level = measured_rows(history.society, measures, names, labels, **options)
    units = {row["measure"]: UNITS[row["measure"]] for row in rows}
    about = {"years": history.state.year, "units": units}
    return Lives.of_rows(rows, title, people, level, **about)


def measured_rows(
    society: Society,
    measures: Sequence[Measures],
    names: Iterable[str],
    labels: Mapping[str, Any],
    **options: Unpack[GroupOptions],
) -> tuple[list[dict[str, Any]], People, float]:
    """Rows of what is measured, or of its change where there are two sets of measures.

    Returns the rows, in the order of `names`, the people that intervals count, and the level.
    """
    features = options.get("sensitive")
    dataset = people_of(society, features)
    level = checked_level(options.get("intervals", 0.95))
    people = People.of(dataset, over=options.get("over", "auto"))
    of = "change" if len(measures) > 1 else "value"
    rows: list[dict[str, Any]] = []
    for measure in (name for name in names if any(name in each for each in measures)):

        def estimate(who: Any, measure: str = measure) -> Estimate:
            first, *others = (each.get(measure, _zero)(people, who) for each in measures)
            if others and _alike(first, others[0]):
                return _zero(people, who)
            return first - others[0] if others else first

        own = {**labels, "measure": measure, "quantity": of, "of": of}
        for feature, group, who in groups_of(dataset, features):
            rows.append(own | {"sensitive": feature, "group": group} | estimate(who).facts(level))
        for pair in comparisons_of(dataset, features, options.get("reference_groups")):
            gap = (estimate(pair.inside) - estimate(pair.outside)).facts(level)
            rows.append(own | {"quantity": "difference"} | pair.labels | gap)
    return rows, people, level


#: Share of people, those with the most hours of games, who are called gamers.
GAMERS = 0.1


def people_of(society: Society, features: str | Sequence[str] | None) -> Dataset:
    """People by sensitive features; where they are named, by behaviour before the first year too.

    "gamer" is the tenth with the most hours of games, "parent" who has children (S12).
    """
    dataset = groups_and_districts(society)
    sensitive = dataset.sensitive
    named = [features] if isinstance(features, str) else list(features or ())
    if "gamer" in named:
        hours = society.records["gaming_hours"].to_numpy()
        most = Aim(id="gamer", name="gamer", share=GAMERS, value=0.0).holds(hours)
        sensitive = sensitive.assign(gamer=pd.Categorical(np.where(most, "yes", "no")))
    if "parent" in named:
        parents = society.records["children"].to_numpy() > 0
        sensitive = sensitive.assign(parent=pd.Categorical(np.where(parents, "yes", "no")))
    return replace(dataset, sensitive=sensitive)
