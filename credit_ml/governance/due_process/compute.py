"""Errors in a society's records, and what becomes of them under rules of what is told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.consequences.finding import ByGroup, GroupOptions
from credit_ml.core import Array, conform
from credit_ml.governance.due_process.checked import need_actions
from credit_ml.governance.due_process.fates import Fate, Files
from credit_ml.governance.due_process.finding import RULES, UNITS, DueProcess
from credit_ml.governance.due_process.noticing import Told
from credit_ml.governance.due_process.options import DueProcessOptions
from credit_ml.inference import Estimate, checked_level, mean_of_worlds, other_societies
from credit_ml.society import Society

#: What tells a fact from others.
_KEYS = ["quantity", "measure", "sensitive", "group", "reference_group", "rule", "entry", "unit"]
#: Where an estimate is no mean of people, its interval comes of other societies.
_NO_INTERVAL = "it is made of two groups' shares"


def due_process(
    rater: Rater,
    society: Society,
    *,
    options: DueProcessOptions | None = None,
    sensitive: Sequence[str] | str | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> DueProcess:
    """Plant errors whose truth is known, and say which are noticed, contested and mended.

    Under each rule an error can be noticed by somebody alone who is told something in which it
    shows (`Noticing`), and is, where that person reads it. It is contested where what it costs
    until it would lapse, times the chance of success, exceeds price and effort in shares of
    the own income (`Contest`). So of all people ``rate x noticed x contested x success`` have
    one mended; nobody contests an error in the own favour, or one that costs nothing.

    Errors of each kind are planted by themselves, others' records stay as they are, and the rater
    keeps its model. Luck is the same under every rule, so that rules differ by what is told
    alone. Whoever has a right court order may contest it too, and so may people whom a right score
    surprises.

    Cost: a score an error, and under "reasons" and "explanation" those of `reasons_for` and of a
    counterfactual; with `societies`, in each of them, whose mean is then told.

    Parameters
    ----------
    rater : Rater
    society : Society
    options : DueProcessOptions, optional
    sensitive : str or sequence of str, optional
        Features by whose groups it is told; all by default.
    reference_groups : mapping of feature to group, or one group, optional
    intervals : float
        Level.
    seed : int
        Of errors, of who reads, of success, and of other societies.

    Raises
    ------
    InputError
        When an option is out of range, a group has nobody, or the rater reads no such records, or
        none that people can act on.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> few = DueProcessOptions(rules=("opaque", "full"), rates={"stale": 0.2})
    >>> found = due_process(load_agency("council").fit(society), society, options=few)
    >>> noticed = found.table.query("measure == 'noticed' and group == 'all' and entry == 'all'")
    >>> noticed["estimate"].round(1).tolist()
    [0.0, 0.6]
    """
    options = options or DueProcessOptions()
    checked_level(intervals)
    need_actions("due process, rater", rater.agency)
    groups: GroupOptions = {
        "sensitive": sensitive,
        "reference_groups": reference_groups,
        "intervals": intervals,
    }

    def measured(one: Society) -> DueProcess:
        files = Files.of(rater, one, options, seed=seed)
        by = ByGroup(files.noticing.dataset, **groups)
        rows = list(chain(_of_entries(files, by), *(_of_rule(files, by, r) for r in options.rules)))
        return DueProcess(
            table=conform(rows).assign(unit=lambda table: table["measure"].map(UNITS)),
            title=f"Errors in records: {rater.name}",
            parameters=_parameters(rater, options, files) | by.parameters,
            seed=seed,
            notes=(
                "How often errors happen, who reads, and what a contest costs are assumed.",
                *files.notes,
                by.people.note,
            ),
        )

    if not options.societies:
        return measured(society)
    others = other_societies(society, measured, societies=options.societies - 1, seed=seed)
    return _mean([measured(society), *others], intervals)


def _mean(found: Sequence[DueProcess], level: float) -> DueProcess:
    """Return the mean over societies, with Student's interval over them."""
    cells = [each.table.assign(seed=number, world="one") for number, each in enumerate(found)]
    whole = pd.concat(cells, ignore_index=True)
    people = whole.groupby(_KEYS, sort=False, dropna=False)["people"].sum()
    table = mean_of_worlds(whole, _KEYS, intervals=level)
    told = table[[*_KEYS, "estimate", "low", "high", "over"]]
    of: dict[str, Any] = {"intervals_over": "societies", "societies": len(found)}
    mean = replace(
        found[0],
        table=conform(told.join(people, on=_KEYS)),
        parameters={**found[0].parameters, **of},
        notes=(*found[0].notes[:-1], f"Means over {len(found)} societies of the same world."),
    )
    return mean.bounded()


def _parameters(rater: Rater, options: DueProcessOptions, files: Files) -> dict[str, Any]:
    contest = options.contest
    return {
        "rater": rater.name,
        "title": rater.agency.title,
        "unit": files.noticing.problem.score.unit,
        "rules": {rule: RULES[rule] for rule in options.rules},
        "rates": dict(options.rates),
        "times": {feature: dict(groups) for feature, groups in options.times.items()},
        "attention": options.attention,
        "alarm": options.alarm,
        "place": options.place,
        **{name: getattr(contest, name) for name in vars(contest)},
    }


def _of_entries(files: Files, by: ByGroup) -> Iterator[dict[str, Any]]:
    """Yield what is the same under every rule: how many errors there are, and how many harm."""
    for entry, some in _named(files.fates(Told.of("nothing"))):
        there, harmful = _summed(some, "there"), _summed(some, "harmful")
        yield from _rows(by, "", entry, "planted", by.people.share, there > 0)
        yield from _rows(by, "", entry, "harmful", by.people.rate, harmful, there)


def _of_rule(files: Files, by: ByGroup, rule: str) -> Iterator[dict[str, Any]]:
    told = Told.of(RULES[rule]["regime"], records=RULES[rule]["records"])
    fates, people, orders = files.fates(told), by.people, files.fate_of_right_orders(told)

    def mean_of_some(*values: Any) -> Estimate:
        return people.rate(*values, bounds=(-np.inf, np.inf))

    for entry, some in _named(fates):
        harmful = _summed(some, "harmful")
        for measure in ("noticed", "contested", "mended"):
            values = _summed(some, measure), harmful
            yield from _rows(by, rule, entry, measure, people.rate, *values)
        stands = _summed(some, "harmful", standing=True)
        costs = _summed(some, "points", standing=True)
        yield from _rows(by, rule, entry, "points", mean_of_some, costs, stands)
        refused = _summed(some, "refused", standing=True) > 0
        yield from _rows(by, rule, entry, "refused", people.share, refused)
        lost = np.sum([each.lost(files.options.contest) for each in some], axis=0)
        yield from _rows(by, rule, entry, "lost", people.mean, lost)
    vain = files.in_vain(told)
    contests = _summed([*fates, *([] if orders is None else [orders])], "contested") + vain
    yield from _rows(by, rule, "all", "in_vain", people.share, vain)
    yield from _rows(by, rule, "all", "spent", people.mean, contests * files.cost)
    wrong = next((each for each in fates if each.entries.kind == "orders"), None)
    if orders is not None and wrong is not None:
        yield from _of_orders(by, rule, wrong, orders)


def _of_orders(by: ByGroup, rule: str, wrong: Fate, right: Fate) -> Iterator[dict[str, Any]]:
    """Yield how often courts err in either way, and what fear of them is left."""
    free = ~right.there
    errors = {
        "wrongly_held": (free & wrong.there & ~wrong.mended, free),
        "let_off": (right.mended, right.there),
    }
    left: dict[tuple[str, str], float] = {}
    for measure, values in errors.items():
        for row in _rows(by, rule, "orders", measure, by.people.rate, *values):
            yield row
            if row.get("quantity", "value") == "value":
                who = row["sensitive"], row["group"]
                left[who] = left.get(who, 1.0) - row["estimate"]
    for (sensitive, group), estimate in left.items():
        yield {
            "rule": rule,
            "entry": "orders",
            "measure": "deterrence",
            "sensitive": sensitive,
            "group": group,
            "estimate": float(np.maximum(0.0, estimate)),  # unknown stays unknown
            "reason": _NO_INTERVAL,
        }


def _rows(
    by: ByGroup,
    rule: str,
    entry: str,
    measure: str,
    estimate: Callable[..., Estimate],
    *values: Any,
) -> list[dict[str, Any]]:
    rows = by.rows(rule, measure, estimate, *values)
    return [{"rule": row.pop("consequence"), "entry": entry, **row} for row in rows]


def _named(fates: Sequence[Fate]) -> Iterator[tuple[str, Sequence[Fate]]]:
    yield "all", fates
    for each in fates:
        yield each.entries.kind, [each]


def _summed(fates: Sequence[Fate], name: str, *, standing: bool = False) -> Array:
    """Sum of something over kinds of errors, a number a person; of those that stand alone."""
    each = (getattr(fate, name) * (~fate.mended if standing else 1.0) for fate in fates)
    return np.asarray(np.sum(list(each), axis=0, dtype=np.float64))
