"""Generations: what a policy leaves to children and to their children, by group (S9)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Unpack, cast

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from credit_ml.agencies import load_agency
from credit_ml.consequences.finding import GroupOptions
from credit_ml.core import Array, InputError, Mask, Streams, TableError, beside, cited, need_known
from credit_ml.core.figure import Axes, named_points
from credit_ml.dynamics.answers import start_answers
from credit_ml.dynamics.assumed.knobs import Life
from credit_ml.dynamics.catalogue import broken_title, load_policy
from credit_ml.dynamics.history import Measures, SocietyHistory, measured_rows
from credit_ml.dynamics.policy import Policy
from credit_ml.dynamics.run import go_on, run_rounds
from credit_ml.dynamics.state import State
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import Estimate, People, checked_societies, resample_societies
from credit_ml.society import Society

#: What is measured of a generation, and its unit.
UNITS: dict[str, str] = beside(__file__)["units"]
_UNBOUNDED = (-np.inf, np.inf)


class Generations(GroupFinding):
    """What a policy leaves to the next generations, by group, each with its interval.

    Children are the denominator: a household counts as often as it has some. Own columns of
    `table`: policy, against, generation (of the parents, from 1), and of ("value" or "change", also
    of differences).

    - "children_of_listed", "children_barred": shares of children of whom either parent was ever
      listed, and who were kept out of good schools.
    - "child_capacity_lost": what that takes, in SD; "child_capacity" what they have.
    - "long_run_loss": what descendants come to lack if as many are kept out in each generation,
      ``M / (1 - inheritance)``, M the mean loss of one.
    - "capacity_persistence", "score_persistence": rank-rank slopes: by how many ranks more a child
      stands for each that its parent stands more, ranks among all parents and all children
      (Chetty and others 2014). 0: nothing is inherited; 1: ranks stay.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"policy": "joined", "against": "", "generation": "1", "measure": "child_capacity"}
    >>> Generations(table=conform([row | {"estimate": -0.1}]), title="").metrics()
    {'generations.joined.1.child_capacity': -0.1}
    """

    kind: ClassVar[str] = "generations"
    amounts = ("child_capacity_lost", "long_run_loss")
    labels: ClassVar[tuple[str, ...]] = ("policy", "against", "generation")
    tracked: ClassVar[tuple[str, ...]] = (*labels, "measure", "sensitive", "group")
    citations = cited("fan_2021", "levinson_2003", "chetty_2014")

    def to_track(self) -> pd.DataFrame:
        """Changes where there are some, else values; no differences."""
        quantity = self.table["quantity"]
        return self.table[quantity == ("change" if (quantity == "change").any() else "value")]

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of shares lie from 0 to 1."""
        least, most = super().possible()
        value = (self.table["quantity"] == "value").to_numpy()
        shares = self.table["measure"].map(UNITS).fillna("").str.startswith("share").to_numpy()
        least[value & shares], most[value & shares] = 0.0, 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, measure: str = "child_capacity") -> Axes:
        """Draw one measure of every policy, generation after generation.

        Raises
        ------
        TableError
            When nothing of that name was measured.
        """
        need_known(TableError, "generations, measure", measure, self.table["measure"].unique())
        rows = self.to_track().query("measure == @measure and sensitive == 'overall'").copy()
        rows["of_generation"] = "generation " + rows["generation"].astype(str)
        rows["policy"] = [broken_title(each) for each in rows["policy"]]
        change = "change of " if (rows["quantity"] == "change").any() else ""
        axes = named_points(axes, rows, "policy", "of_generation")
        axes.set_xlabel(f"{change}{UNITS[measure]}\n{self.level_text} intervals")
        axes.axvline(0.0, color="0.6", linewidth=0.8, zorder=0)
        return axes


class FamilyOptions(GroupOptions, total=False):
    """How generations live, whose points are ranked, and whom a finding compares.

    Examples
    --------
    >>> FamilyOptions(agency="council")
    {'agency': 'council'}
    """

    life: Life | None
    agency: str


def next_generation(history: SocietyHistory, *, workers: int = 1) -> SocietyHistory:
    """Let the children of a history live as many years, under the same policy.

    Everybody's child takes the seat with the capacity that `SocietyHistory.child_capacity` says,
    without late bills, court orders or listings, and with a chance of its own; all else stays as
    it was. Two histories that are a pair have children who are one.

    Cost: as the history itself.

    Examples
    --------
    >>> from credit_ml.dynamics import run_rounds
    >>> from credit_ml.society import World
    >>> parents = run_rounds(World(citizens=500, seed=1).simulate(), "joined", years=2)
    >>> next_generation(parents)
    SocietyHistory(joined; 500 citizens, 2 years)
    """
    rules, society, before = history.rules, history.society, history.state
    own = replace(rules, seed=Streams(rules.seed).seed_for("rounds.heirs"))
    cuts = before.tie_cut is not None
    state = State.of(society, lists=len(rules.policy.lists), cuts_ties=cuts)
    first = society.truth["capacity"].to_numpy(dtype=np.float64)
    state.inherited = (history.child_capacity - first).astype(np.float32)
    state.late[:], state.orders[:] = 0, 0
    state.order_after_breach = before.order_after_breach
    start_answers(rules.policy, state)
    heirs = replace(history, rules=own, state=state, yearly=(), behaviour=pd.DataFrame())
    return go_on(heirs, before.year, workers=workers)


def family_effects(
    society: Society,
    policies: Sequence[Policy | str | Path] | Policy | str | Path,
    *,
    against: Policy | str | Path = "no_list",
    generations: int = 3,
    years: int = 10,
    societies: int = 20,
    seed: int = 0,
    **options: Unpack[FamilyOptions],
) -> Generations:
    """What policies leave to children and to their children, and what they change against another.

    A child's capacity is ``y' = r y + sqrt(1 - r^2) e - M``, M what closed schools took from it,
    so that a loss of mean M in each generation comes to ``M / (1 - r)``. Rows of quantity "value"
    are of the policy, those of "change" less that of the same people and luck under the other.

    Cost: (1 + societies) simulations, and (1 + generations) histories for each policy and one more.

    Parameters
    ----------
    society : Society
        The first parents.
    policies : sequence of Policy, str or Path, or one
    against : Policy, str or Path
        What each is held against.
    generations : int
        Of parents, at least 1.
    years : int
        That each lives.
    societies : int
        Others of the same world, at least 8; or 0 to count the districts of this one.
    seed : int
        Of the other societies' seeds.
    life : Life, optional
        With the `inheritance`.
    agency : str
        Whose points are ranked ("national"); fitted before the first year, and then as it is.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    PolicyError, AgencyError
        When a policy or the agency is unknown.
    InputError
        When there are too few generations, years or societies.

    References
    ----------
    Fan, Y., Yi, J. and Zhang, J. (2021). Rising intergenerational income persistence in China.
    American Economic Journal: Economic Policy 13(1), 202-230. Levinson, D. J. (2003). Collective
    sanctions. Stanford Law Review 56, 345-428.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=1).simulate()
    >>> told = {"generations": 1, "years": 2, "societies": 0, "agency": "council"}
    >>> found = family_effects(society, "joined_family", sensitive="hukou", **told)
    >>> bool(0.2 < found.table.query("measure == 'capacity_persistence'")["estimate"].iloc[0] < 0.6)
    True
    """
    whole = isinstance(generations, int) and not isinstance(generations, bool)
    problem, remedy = f"are {generations!r}", "give a whole number from 1"
    InputError.unless(whole and generations >= 1, "generations", problem, remedy)
    single = isinstance(policies, Policy | str | Path)
    named: list[Any] = [policies] if single else list(policies)  # type: ignore[arg-type]
    InputError.unless(named, "policies", "are empty", "name at least one")
    chosen = [each if isinstance(each, Policy) else load_policy(each) for each in (*named, against)]
    agency, way = options.pop("agency", "national"), options.pop("life", None) or Life()
    rates, groups = load_agency(agency), cast("GroupOptions", options)
    if societies:
        checked_societies(societies)
    notes = tuple(beside(__file__)["notes"].values())
    said = {"generations": generations, "years": years, "units": UNITS, "agency": agency}
    said["inheritance"] = way.inheritance

    def measured(one: Society) -> Generations:
        raters = {agency: rates.fit(one)}
        told: dict[str, Any] = {"years": years, "life": way, "raters": raters}
        lived = [_lineage(run_rounds(one, each, **told), generations, agency) for each in chosen]
        rows, people, level = _rows(one, [each.id for each in chosen], lived, groups)
        title = f"Children and their children, {years} years each"
        return Generations.of_rows(rows, title, people, level, *notes, **said)

    if not societies:
        return measured(society)
    level = groups.get("intervals", 0.95)
    return resample_societies(society, measured, societies=societies, intervals=level, seed=seed)


def _lineage(parents: SocietyHistory, generations: int, agency: str) -> list[Measures]:
    """Live through the generations, of which only two are there at a time; measure each."""
    found, points = [], _points(parents, agency)
    for _ in range(generations):
        heirs = next_generation(parents)
        theirs = _points(heirs, agency)
        found.append(_measures(parents, points, theirs))
        parents, points = heirs, theirs
    return found


def _points(history: SocietyHistory, agency: str) -> Array:
    rater = history.raters[agency]
    points: Array = rater.score(rater.agency.view(history.after()).X).to_numpy(dtype=np.float64)
    return points


def _measures(parents: SocietyHistory, points: Array, theirs: Array) -> Measures:
    """Return what estimates each measure of a generation's children."""
    state, life = parents.state, parents.rules.life
    children = parents.society.records["children"].to_numpy(dtype=np.float64)
    partner, met = state.fixed.partner, parents.met
    either = met | ((partner >= 0) & met[partner])
    barred = state.totals["child_barred"].astype(np.float64)
    lost, capacity = children * state.child_loss, parents.child_capacity
    parent = children > 0

    def rate(top: Any, bottom: Any, bounds: Any = _UNBOUNDED) -> Any:
        return lambda people, who: people.rate(top, bottom, who, bounds=bounds)

    return {
        "children_of_listed": rate(children * either, children, (0.0, 1.0)),
        "children_barred": rate(children * barred, children * state.year, (0.0, 1.0)),
        "child_capacity_lost": rate(lost, children),
        "child_capacity": rate(children * capacity, children),
        "long_run_loss": rate(lost / max(1.0 - life.inheritance, 1e-12), children),
        "capacity_persistence": _slope(parents.capacity, capacity, parent),
        "score_persistence": _slope(points, theirs, parent),
    }


def _slope(parents: Array, children: Array, counted: Mask) -> Any:
    """Slope of ranks on ranks, both among those counted; within a group about its own means."""
    size = counted.sum()
    x, y = (np.zeros(len(counted)) for _ in range(2))
    x[counted], y[counted] = (rankdata(each[counted]) / size for each in (parents, children))

    def slope(people: People, who: Any) -> Estimate:
        some = counted if who is None else counted & who
        # To first order a slope does not depend on where the means are put.
        if not some.any():
            return people.rate(x, x, some, bounds=_UNBOUNDED)
        off = [np.where(some, each - each[some].mean(), 0.0) for each in (x, y)]
        return people.rate(off[0] * off[1], off[0] ** 2, some, bounds=_UNBOUNDED)

    return slope


def _rows(
    society: Society, ids: Sequence[str], lived: Sequence[Sequence[Measures]], groups: GroupOptions
) -> tuple[list[dict[str, Any]], People, float]:
    """Rows of every policy's generations; of the last nothing but what others change against it."""
    rows: list[dict[str, Any]] = []
    for policy, own in zip(ids[:-1], lived[:-1], strict=True):
        for number, (mine, others) in enumerate(zip(own, lived[-1], strict=True), 1):
            told = {"policy": policy, "generation": str(number)}
            for against, measures in (("", [mine]), (ids[-1], [mine, others])):
                found, people, level = measured_rows(
                    society, measures, UNITS, told | {"against": against}, **groups
                )
                rows += found
    return rows, people, level
