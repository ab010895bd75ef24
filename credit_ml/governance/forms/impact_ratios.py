"""Selection or scoring rates of each category against the best-off one, as New York City asks."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from credit_ml.core import Mask, conform
from credit_ml.fairness import adverse_impact
from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import ExhibitForm, FilledForm, FormTable, percent, ratio

#: What a person of no known category is called where the table was read with such a group.
UNKNOWN = "(missing)"
#: A category of less than one person in so many may be left out of the ratios.
ONE_IN = 50


def fill(case: ExhibitCase) -> FilledForm:
    """Count each category of sex, of race or ethnicity, and of both together.

    Scores alone give scoring rates: who is above the median of all. With a threshold, selection
    rates. Whoever is of no known category is in none of its ratios, and counted.
    """
    features = [case.feature("sex"), case.feature("race_ethnicity")]
    if case.options.threshold is None:
        measure, chosen = "scoring_rate", case.points > np.median(case.points)
    else:
        measure, chosen = "selection_rate", case.decided
    known = [(case.dataset.groups(each) != UNKNOWN).to_numpy() for each in features]
    both = known[0] & known[1]
    parts = [
        _category(case, chosen, measure, features[:1], known[0]),
        _category(case, chosen, measure, features[1:], known[1]),
        _category(case, chosen, measure, features, both),
    ]
    rows = [row for part in parts for row in part]
    unknown = {
        "sex": int((~known[0]).sum()),
        "race or ethnicity": int((~known[1]).sum()),
        "both": int((~both).sum()),
    }
    names = [features[0], features[1], " x ".join(features)]
    for name, count in zip(names, unknown.values(), strict=True):
        rows.append({"measure": "people_unknown", "sensitive": name, "estimate": float(count)})
    captions = ("By sex", "By race or ethnicity", "By sex and race or ethnicity")
    tables = {
        name: _table(caption, part, measure)
        for name, caption, part in zip(("sex", "race", "both"), captions, parts, strict=True)
    }
    small = [row for part in parts for row in part if row.get("left_out")]
    words = {
        "rate": measure.replace("_", " "),
        "scored": measure == "scoring_rate",
        "unknown": unknown,
        "small": [
            f"{row['group']} ({row['people']})" for row in small if row["measure"] == measure
        ],
        "short": [
            f"{row['group']} ({ratio(row['estimate'])})"
            for row in rows
            if row["measure"] == "impact_ratio" and row["estimate"] < 0.8
        ],
        "people": len(case.dataset),
        "one_in": ONE_IN,
    }
    table = conform([{k: v for k, v in row.items() if k != "left_out"} for row in rows])
    return FilledForm(rows=table, words=words, tables=tables)


def _category(
    case: ExhibitCase, chosen: Mask, measure: str, features: Sequence[str], known: Mask
) -> list[dict[str, Any]]:
    """Rates and ratios of one kind of category, of those people whose category is known."""
    case.need(known.any(), f"knows nobody's {' and '.join(features)}", "fill the column in")
    small = -(-len(case.dataset) // ONE_IN)
    found = adverse_impact(
        chosen[known],
        case.dataset.take(np.flatnonzero(known)),
        sensitive=list(features),
        intersections=len(features) > 1,
        small=small,
        over="people",
    ).table
    rows = []
    for each in found[found["sensitive"] == " x ".join(features)].to_dict("records"):
        own = {"sensitive": each["sensitive"], "group": each["group"], "people": each["people"]}
        own |= {"left_out": not each["spoken"]}
        rows.append(own | {"measure": measure, "estimate": each["rate"]})
        if each["spoken"]:
            best = each["reference_group"]
            rated = {"measure": "impact_ratio", "estimate": each["ratio"], "reference_group": best}
            rows.append(own | rated)
    return rows


def _table(caption: str, rows: Sequence[dict[str, Any]], measure: str) -> FormTable:
    ratios = {row["group"]: row["estimate"] for row in rows if row["measure"] == "impact_ratio"}
    rates = [row for row in rows if row["measure"] == measure]
    shown = [
        (
            str(row["group"]),
            f"{row['people']:,}",
            f"{round(row['estimate'] * row['people']):,}",
            percent(row["estimate"]),
            ratio(ratios[row["group"]]) if row["group"] in ratios else "left out, under 2 %",
        )
        for row in rates
    ]
    chosen = "Above the median" if measure == "scoring_rate" else "Selected"
    head = ("Category", "People", chosen, measure.replace("_", " ").capitalize(), "Impact ratio")
    return FormTable(caption=caption, head=head, rows=shown)


FORM = ExhibitForm(id="impact_ratios", title="Bias audit", fill=fill)
