"""What the page to explore needs of a run's findings, as plain values: looked up, never made."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar import names
from credit_ml.grammar.names import group_label, people_of, sensitive_name
from credit_ml.grammar.phrases import noun_of
from credit_ml.reports.cells.ledger import as_stored
from credit_ml.reports.cells.steady import steady_table

#: One fact of a finding's table.
Row = Mapping[Any, Any]
#: Digits of a share behind the point, and of a score in a thousandth of its step.
DIGITS = 5
#: Kinds of findings that it shows.
CURVE, CITIZENS = "threshold_curve", "sample_citizens"
#: How quantiles of scores with other friends are called.
FRIENDS = {"lowest tenth": "low", "middle": "middle", "highest tenth": "high"}


def explored(results: StudyResults) -> dict[str, Any]:
    """Return everything that the page's script looks up."""
    shown = [
        (rater, _steady(curve)) for rater in results.raters for curve in rater.of_kind(CURVE)[:1]
    ]
    citizens = [_steady(found) for rater, _ in shown for found in rater.of_kind(CITIZENS)[:1]]
    outcome = names.outcome_words(simulated=results.simulated)
    noun = noun_of(results)
    return {
        "outcome": {"did": outcome["did"], "did_not": outcome["did_not"]},
        "raters": [_rater(rater, curve, noun) for rater, curve in shown],
        # A citizen is one to all raters, or shown at none.
        "citizens": _citizens(citizens) if len(citizens) == len(shown) else [],
    }


def _steady(finding: Finding) -> Finding:
    table, parameters = steady_table(finding.table), as_stored(finding.parameters)
    return replace(finding, table=table, parameters=parameters)


def notes_of(results: StudyResults) -> tuple[str, ...]:
    """Return what must be known of single citizens; nothing where there are none."""
    return next((found.notes for _, found in results.of_kind(CITIZENS)), ())


def _rater(rater: RaterResults, curve: Finding, noun: str) -> dict[str, Any]:
    table, told = curve.table, curve.parameters
    thresholds = sorted(set(table["threshold"]))
    steps = [after - before for before, after in itertools.pairwise(thresholds)]
    own = next((dict(found.parameters) for found in rater.of_kind(CITIZENS)), {})
    features, regimes = table["sensitive"].drop_duplicates(), own.get("regimes", {})
    return {
        "name": rater.name,
        "unit": own.get("unit", ""),
        "digits": _digits(min(steps, default=1.0)),
        "thresholds": thresholds,
        "threshold": told["threshold"],
        "in_force": sorted([value, name] for name, value in told["named"].items()),
        "measures": list(table["measure"].drop_duplicates()),
        # Everybody last: who opens the page asks for groups.
        "features": [_feature(table, name, noun) for name in [*features[1:], *features[:1]]],
        "regimes": {name: [own["headings"][name], said] for name, said in regimes.items()},
    }


def _digits(step: float) -> int:
    """Digits behind the point in which two neighbouring thresholds differ, and a score shows.

    Examples
    --------
    >>> _digits(20.0), _digits(2.0), _digits(0.02)
    (0, 1, 3)
    """
    return max(0, math.ceil(-math.log10(step)) + 1) if step < 10 else 0


def _feature(table: pd.DataFrame, feature: str, noun: str) -> dict[str, Any]:
    own = table[table["sensitive"] == feature]
    whole = feature == "overall"
    return {
        "name": "everybody" if whole else sensitive_name(feature),
        "groups": [
            {
                "name": "everybody" if whole else group_label(feature, str(group)),
                "said": "everybody" if whole else people_of(feature, str(group), noun),
                "people": int(rows["people"].iloc[0]),
                "rates": _facts(rows[rows["quantity"] == "value"]),
                "gaps": _facts(rows[rows["quantity"] == "difference"]),
            }
            for group, rows in own.groupby("group", sort=False)
        ],
    }


def _facts(rows: pd.DataFrame) -> dict[str, list[list[float | None]]] | None:
    """Estimate, low and high by threshold, for each measure; None where there are no rows."""
    numbers = rows.sort_values("threshold", kind="stable")
    found = {
        str(measure): [_plain(fact) for fact in facts[["estimate", "low", "high"]].to_numpy()]
        for measure, facts in numbers.groupby("measure", sort=False)
    }
    return found or None


def _plain(values: Any) -> list[float | None]:
    return [None if math.isnan(each) else round(float(each), DIGITS) for each in values]


def _citizens(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    by_rater = [_by_citizen(found.table) for found in findings]
    return [
        {"name": _name(place, own), "raters": [_of_rater(each[citizen]) for each in by_rater]}
        for place, (citizen, own) in enumerate(by_rater[0].items(), start=1)
    ]


def _by_citizen(table: pd.DataFrame) -> dict[int, dict[str, list[Row]]]:
    """Rows of each citizen, by measure: records made once, for a table of each would cost more."""
    found: dict[int, dict[str, list[Row]]] = {}
    for row in table.to_dict("records"):
        found.setdefault(row["citizen"], {}).setdefault(row["measure"], []).append(row)
    return found


def _name(place: int, own: Mapping[str, list[Row]]) -> str:
    groups = (group_label(row["sensitive"], row["group"]) for row in own["twin_score"])
    return f"Citizen {place}: {', '.join(groups)}"


def _of_rater(of: Mapping[str, list[Row]]) -> dict[str, Any]:
    """Return what one rater's finding says of one citizen."""
    costs = {row["name"]: row["estimate"] for row in of["cost_of_response"]}
    return {
        "score": of["score"][0]["estimate"],
        "compared": of["compared_with"][0]["estimate"],
        "reasons": [
            [names.factor_name(row["name"]), row["estimate"], row["text"]] for row in of["reason"]
        ],
        "twins": [_twin(row) for row in of["twin_score"]],
        "friends": _friends(of),
        "responses": [
            [row["name"], row["text"], row["estimate"], costs[row["name"]]]
            for row in of["score_after"]
        ],
    }


def _twin(row: Row) -> list[Any]:
    feature, other = row["sensitive"], row["reference_group"]
    labels = [group_label(feature, each) if each else "" for each in (row["group"], other)]
    return [sensitive_name(feature), *labels, row["estimate"] if other else None]


def _friends(of: Mapping[str, list[Row]]) -> dict[str, Any] | None:
    if "with_other_friends" not in of:
        return None
    found = {FRIENDS[row["name"]]: row["estimate"] for row in of["with_other_friends"]}
    passes = of["passes_with_other_friends"][0]
    fact = _plain([passes[name] for name in ("estimate", "low", "high")])
    return {**found, "passes": fact, "people": int(passes["people"])}
