"""What one cell of a sweep measures: regimes at one rater in one society, in full or in brief."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, conform
from credit_ml.disclosure.case import DisclosureCase
from credit_ml.disclosure.disclose import act, regime_measures
from credit_ml.disclosure.measures import MEASURES, burden
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.disclosure.regime import Regime
from credit_ml.inference import GroupedPeople, People, comparisons_of, groups_of

#: What secrecy is judged by: how scores rank, how many decisions are right, what grants yield.
CRITERIA = ("auc", "accuracy", "profit")
#: What is measured in brief.
BRIEF = (*CRITERIA, "share_who_act", "share_who_game")


def cell_table(
    case: DisclosureCase, regimes: Sequence[Regime], lead: Mapping[str, str]
) -> pd.DataFrame:
    """Return every measure of everybody and of the two groups followed, and their gaps.

    Cost: as `disclose`, without intervals over clusters.
    """
    people, sensitive = case.problem.people, lead["sensitive"]
    followed = ("all", lead["group"], lead["reference_group"])
    every = [each for each in groups_of(people, sensitive) if each[1] in followed]
    places, whom = [(name, group) for name, group, _ in every], [who for *_, who in every]
    asked = comparisons_of(people, sensitive, {sensitive: lead["reference_group"]})
    pairs = [each for each in asked if each.group in followed]
    groups = GroupedPeople(People.of(people, over="people"), whom)
    burdens, odds = burden(case.problem), odds_of(case)
    rows: list[dict[str, Any]] = []
    for measured in regime_measures(case, regimes, groups, burdens, 0.95):
        rows += [*measured.rows(places), *measured.gaps(pairs, places)]
        yields = profit(measured.found, odds)
        for (name, group), who in zip(places, whom, strict=True):
            labels = {"sensitive": name, "group": group, **measured.labels}
            rows.append(_row("profit", float(yields[who].mean()), **labels))
    return conform(rows).drop(columns=["low", "high", "people", "clusters", "reason"])


def brief_table(case: DisclosureCase, regimes: Sequence[Regime]) -> pd.DataFrame:
    """Return what secrecy is judged by, of everybody, and how many act.

    Cost: a response a regime.
    """
    return pd.DataFrame(list(_brief(case, regimes)))


def _brief(case: DisclosureCase, regimes: Sequence[Regime]) -> Iterator[dict[str, Any]]:
    counted, odds = People(len(case.problem.people)), odds_of(case)
    for regime in regimes:
        found = act(case, regime.belief(case.problem))
        measured = {
            "auc": float(counted.auc(found.after, found.kept).value),
            "accuracy": float(found.right.mean()),
            "profit": float(profit(found, odds).mean()),
            "share_who_act": float(found.acted.mean()),
            "share_who_game": float((found.actions > found.improving).mean()),
        }
        for name in BRIEF:
            yield _row(name, measured[name], sensitive="overall", group="all", regime=regime.id)


def _row(measure: str, estimate: float, **labels: str) -> dict[str, Any]:
    place = {"quantity": "value", "reference_group": "", "unit": str(MEASURES[measure]["unit"])}
    return {**place, "measure": measure, "estimate": estimate, **labels}


def odds_of(case: DisclosureCase) -> float:
    """Odds of keeping that a rater's scale shows at the first threshold; NaN without a scale."""
    scale = getattr(case.problem.model, "scale", None)
    if scale is None:
        return np.nan
    return float(np.exp(scale.log_odds(np.array([case.problem.aims[0].threshold]))[0]))


def profit(found: ResponseOutcome, odds: float) -> Array:
    """What granting each person the first aim yields: 1 if kept, less the odds if broken."""
    return np.where(found.granted, found.kept - (1 - found.kept) * odds, 0.0)
