"""Every subset of holders, and single limits: accuracy, gap, burden and exposure, measured once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency, Rater, ScorerKind
from credit_ml.core import Array, Dataset, InputError, Mask, Streams, conform, need_known
from credit_ml.governance.data_limits.finding import JOINT, JUDGED, UNITS, DataLimits
from credit_ml.governance.data_limits.limit import HOLDERS, DataLimit, share_reaching
from credit_ml.governance.data_limits.linear_guess import JudgedGuess, LinearGuess
from credit_ml.governance.number import is_number
from credit_ml.grammar.names import agency_in_a_sentence
from credit_ml.inference import (
    Comparison,
    Estimate,
    People,
    checked_societies,
    comparisons_of,
    resample_societies,
)
from credit_ml.scoring import scorers
from credit_ml.society import Society

#: The limits that are measured one by one, beside the subsets of holders.
BEFORE, AFTER = "before clearing", "after clearing"
LIMITS: dict[str, DataLimit] = {
    "as it is": DataLimit(),
    "credit alone": DataLimit(purpose="credit"),
    "public order alone": DataLimit(purpose="public_order"),
    BEFORE: DataLimit(cleared=False),
    "before clearing, pooled": DataLimit(cleared=False, pooled=True),
    AFTER: DataLimit(cleared=True),
    "38 offices": DataLimit(offices=38),
    "22 offices": DataLimit(offices=22),
    "no office": DataLimit(offices=0),
}
#: What the empty subset of holders is called.
NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class LimitOptions:
    """What is compared, and over how many societies.

    Examples
    --------
    >>> LimitOptions(holders=("lenders", "offices")).societies
    0
    """

    holders: tuple[str, ...] = tuple(HOLDERS)
    """Of whom every subset is tried."""
    limits: Mapping[str, DataLimit] | None = None
    """Single limits by name; `LIMITS` by default."""
    places: float = 0.5
    """Share of people who are granted under every limit, the best by score."""
    scorer: ScorerKind | None = None
    """Kind of scorer; the agency's own by default."""
    societies: int = 0
    """Other societies for intervals over them; 0 leaves those over districts."""

    def __post_init__(self) -> None:
        for holder in self.holders:
            DataLimit(holders=(holder,))
        problem, remedy = f"are {list(self.holders)}", "name one or more, each once"
        usable = 0 < len(set(self.holders)) == len(self.holders)
        InputError.unless(usable, "data limits, holders", problem, remedy)
        single = {} if self.limits is None else self.limits
        problem, remedy = f"are {single!r}", "give a DataLimit by name"
        usable = isinstance(single, Mapping)
        usable = usable and all(isinstance(each, DataLimit) for each in single.values())
        InputError.unless(usable, "data limits, limits", problem, remedy)
        if self.scorer is not None:
            need_known(InputError, "data limits, scorer", self.scorer, scorers())
        if self.societies:
            checked_societies(self.societies)
        usable = is_number(self.places) and 0 < self.places < 1
        place = "data limits, places"
        InputError.unless(usable, place, f"are {self.places!r}", "give a share")


def data_frontier(
    agency: Agency,
    society: Society,
    *,
    sensitive: str = "hukou",
    reference_group: str | None = None,
    options: LimitOptions | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> DataLimits:
    """Try every subset of holders, and single limits, as the data of one score.

    Under each limit the agency is fitted anew on what it may use, and grants the same number of
    places to the best by its score (chance decides among equals), so that limits differ in whom
    they grant and not in how many. The records of everybody are made once; subsets read columns
    of one table, and the linear guess of a subset solves a part of one matrix of moments.

    Cost: 2^holders fits; with `societies`, as many simulations and 2^holders readings of each.

    Parameters
    ----------
    agency : Agency
    society : Society
    sensitive : str
        Whose gap is followed: between its reference group and the group furthest from it in number,
        the largest other one.
    reference_group : str, optional
        The most numerous by default.
    options : LimitOptions, optional
    intervals : float
        Level.
    seed : int
        Of fits, lots among equals, and other societies.

    Raises
    ------
    InputError
        When a holder is unknown, or the share of places is none.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=600, seed=1).simulate()
    >>> few = LimitOptions(holders=("lenders",), limits={}, scorer="logistic")
    >>> found = data_frontier(load_agency("national"), society, options=few)
    >>> found.subsets()["setting"].tolist()
    ['nobody', 'lenders']
    """
    options = options or LimitOptions()
    work = _Frontier.fitted(agency, society, (sensitive, reference_group), options, intervals, seed)
    if options.societies:
        found = resample_societies(
            society, work.measured, societies=options.societies, intervals=intervals, seed=seed
        )
    else:
        found = work.measured(society)
    return replace(found, table=_with_frontier(found.table))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Frontier:
    """Raters fitted under every limit, ready to be measured on any society of the world."""

    subsets: Mapping[str, Rater | None]
    singles: Mapping[str, tuple[DataLimit, Rater]]
    guess: LinearGuess
    agency: Agency
    of: tuple[str, str | None]
    options: LimitOptions
    level: float
    seed: int

    @classmethod
    def fitted(
        cls,
        agency: Agency,
        society: Society,
        of: tuple[str, str | None],
        options: LimitOptions,
        level: float,
        seed: int,
    ) -> "_Frontier":
        dataset = agency.view(society)
        next(iter(comparisons_of(dataset, *of, needed=True)))  # groups are refused before any fit
        agency = agency if options.scorer is None else agency.with_scorer(options.scorer)
        held = [
            name for name in options.holders if DataLimit(holders=(name,)).streams(agency.streams)
        ]
        subsets: dict[str, Rater | None] = {NOBODY: None}
        for number in range(1, len(held) + 1):
            for names in combinations(held, number):
                limited = DataLimit(holders=names).agency(agency)
                subsets[JOINT.join(names)] = limited.fit(society, seed=seed)
        singles = {}
        for name, limit in (LIMITS if options.limits is None else options.limits).items():
            limited = limit.agency(agency)
            singles[name] = limit, limited.fit(limit.society(society), seed=seed)
        return cls(
            subsets=subsets,
            singles=singles,
            guess=LinearGuess.of(dataset, seed=seed),
            agency=agency,
            of=of,
            options=options,
            level=level,
            seed=seed,
        )

    def measured(self, society: Society) -> DataLimits:
        """Measure every limit on one society."""
        dataset = self.agency.view(society)
        pair = next(iter(comparisons_of(dataset, self.of[0], self.of[1], needed=True)))
        told = self.guess.judged(dataset)
        lot = lots(self.seed, society)
        cases = {
            name: _Case.of(self, dataset, each, pair, lot) for name, each in self.subsets.items()
        }
        every = list(cases.values())[-1]
        whole = every.auc, told.of(every.columns)
        rows: list[dict[str, Any]] = []
        for name, case in cases.items():
            rows += case.rows({"setting": name, "frontier": "no"}, told, whole, self.level)
        alone: dict[str, Estimate] = {}
        for name, (limit, rater) in self.singles.items():
            seen = rater.agency.view(limit.society(society))
            case = _Case.of(self, seen, rater, pair, lot)
            labels, alone[name] = {"setting": name, "frontier": ""}, case.auc
            rows += case.rows(labels, self.guess.judged(seen), whole, self.level)
            reaching = {"measure": "reaching", "setting": name, "frontier": ""}
            rows.append(reaching | {"estimate": share_reaching(limit, self.agency, society)})
        if {BEFORE, AFTER} <= set(alone):
            moved = (alone[AFTER] - alone[BEFORE]).facts(self.level)
            rows.append({"measure": "auc_over_before", "setting": AFTER, "frontier": ""} | moved)
        people = People.of(dataset)
        return DataLimits(
            table=conform(rows).assign(unit=lambda table: table["measure"].map(UNITS)),
            title=f"Limits on the data of {agency_in_a_sentence(self.agency.title)}",
            parameters={
                "agency": self.agency.id,
                "scorer": self.agency.scorer.kind,
                "places": self.options.places,
                "holders": list(self.options.holders),
                "sensitive": self.of[0],
                "group": pair.group,
                "reference_group": pair.reference_group,
                "intervals": self.level,
                "intervals_over": people.counted,
            },
            seed=self.seed,
            notes=(people.note,),
        )


def lots(seed: int, society: Society) -> Array:
    """One lot a person, which decides among equals.

    The same under every limit, so that limits differ by their data alone, and others in another
    society: were they the same, whoever stands first in the table would be favoured in all of them,
    and no interval over societies would count that chance.
    """
    own = Streams(seed).seed_for(f"data_limits.{society.world.seed}")
    return Streams(own).generator("data_limits.lot").random(len(society))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Case:
    """One limit on one society: scores, and who is granted a place."""

    dataset: Dataset
    columns: tuple[str, ...]
    log_odds: Array
    granted: Mask
    pair: Comparison

    @classmethod
    def of(
        cls, work: _Frontier, dataset: Dataset, rater: Rater | None, pair: Comparison, lot: Array
    ) -> "_Case":
        size = len(dataset)
        log_odds = np.zeros(size) if rater is None else rater.log_odds(dataset.X)
        granted = np.zeros(size, dtype=bool)
        granted[np.lexsort((lot, -log_odds))[: round(work.options.places * size)]] = True
        columns = () if rater is None else rater.columns
        return cls(dataset=dataset, columns=columns, log_odds=log_odds, granted=granted, pair=pair)

    @cached_property
    def people(self) -> People:
        return People.of(self.dataset)

    @cached_property
    def kept(self) -> Mask:
        kept: Mask = self.dataset.outcome(needed_for="data limits").to_numpy() == 1
        return kept

    @cached_property
    def auc(self) -> Estimate:
        return self.people.auc(self.log_odds, self.kept)

    def rows(
        self, labels: dict[str, Any], told: JudgedGuess, whole: tuple[Estimate, float], level: float
    ) -> Iterator[dict[str, Any]]:
        """Yield every measure, of everybody and of both groups; `whole` is of all data."""
        people, kept = self.people, self.kept
        known = self.dataset.X[list(self.columns)].notna().to_numpy()
        telling, exposed = told.of(self.columns), people.share(known.any(axis=1))
        refused = (~self.granted).astype(float)
        asked: list[tuple[str, Estimate]] = [
            ("auc", self.auc),
            ("auc_lost", whole[0] - self.auc),
            ("granted", people.share(self.granted)),
            ("refused_though_kept", people.rate(refused * kept, kept, bounds=(0.0, 1.0))),
            ("records", people.mean(known.sum(axis=1))),
            ("exposed", exposed),
        ]
        for measure, found in asked:
            yield labels | {"measure": measure} | found.facts(level)
        alone = {"people": len(self.dataset)}
        yield labels | alone | {"measure": "predictability", "estimate": telling}
        breach = float(exposed) * telling
        yield labels | alone | {"measure": "breach", "estimate": 1000 * breach}
        if whole[1] > 0:
            kept_of = {"measure": "breach_kept", "estimate": breach / whole[1]}
            yield labels | alone | kept_of
        yield from self._by_group(refused, level, labels)

    def _by_group(
        self, refused: Array, level: float, labels: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        of_people: list[tuple[str, Any, tuple[Any, ...]]] = [
            ("granted", self.people.share, (self.granted,)),
            ("refused_though_kept", self.people.rate, (refused * self.kept, self.kept)),
        ]
        for measure, estimate, values in of_people:
            of = labels | {"measure": measure}
            pair = self.pair
            for group, who in ((pair.group, pair.inside), (pair.reference_group, pair.outside)):
                named = {"sensitive": pair.sensitive, "group": group}
                yield of | named | estimate(*values, who).facts(level)
            gap = pair.difference(estimate, *values).facts(level)
            yield of | {"quantity": "difference"} | pair.labels | gap


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """One row a subset of holders, one column a measure that subsets are judged by."""
    own = table[table["frontier"] != ""]
    values = own[own["quantity"] == "value"].query("sensitive == 'overall'")
    wide = values.pivot_table(index="setting", columns="measure", values="estimate", sort=False)
    gaps = own[(own["quantity"] == "difference") & (own["measure"] == "granted")]
    wide["gap"] = gaps.set_index("setting")["estimate"].abs()
    return wide


def undominated(values: Array) -> Mask:
    """Rows of which no other row is at least as large everywhere and larger somewhere.

    Examples
    --------
    >>> undominated(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.5], [1.0, 0.0]])).tolist()
    [True, True, False, True]
    """
    at_least = (values[:, None] >= values[None]).all(axis=2)
    more = (values[:, None] > values[None]).any(axis=2)
    return np.asarray(~(at_least & more).any(axis=0))


def _with_frontier(table: pd.DataFrame) -> pd.DataFrame:
    wide = judged(table)
    signs = np.array([1.0 if better else -1.0 for better in JUDGED.values()])
    best = set(wide.index[undominated(wide[list(JUDGED)].to_numpy() * signs)])
    told = np.where(table["setting"].isin(best), "yes", "no")
    return table.assign(frontier=np.where(table["frontier"] == "", "", told))
