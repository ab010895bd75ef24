"""What a creditworthiness score loses without data from social networks: gap and price."""

from typing import Any

import pandas as pd
from sklearn.base import is_classifier

from credit_ml.agencies import Rater
from credit_ml.governance.case import ExhibitCase, columns_of
from credit_ml.governance.form import ExhibitForm, FilledForm, FormTable, percent
from credit_ml.grammar.numbers import Amount
from credit_ml.proxies import intervene
from credit_ml.proxies.interventions.held_out import Trial
from credit_ml.proxies.interventions.kinds import Drop
from credit_ml.scoring import display_name

#: Measures that are shown, and what they are called.
SHOWN = {
    "auc": "AUC",
    "accuracy": "Accuracy",
    "brier": "Brier score",
    "selection_gap": "Gap in who is granted",
    "score_gap": "Gap in mean scores",
}


def fill(case: ExhibitCase) -> FilledForm:
    """Train again without the friends' columns, and measure gap and accuracy on others.

    Nothing is found unlawful where no column is from a social network: that is then said.
    """
    named = columns_of(case, case.options.friends) or list(case.dataset.of_others)
    remedy = "name them: friends = [...], or leave the rule out where there are none"
    case.need(named, "does not say which columns are from social networks", remedy)
    rater = isinstance(case.model, Rater)
    case.need(rater or is_classifier(case.model), "needs a classifier to train again", "give one")
    known = case.society if rater else case.dataset
    if known is None:
        case.refuse("needs the society that an agency scores", "give society")
    case.need(case.dataset.y is not None, "has no outcome to train on", "give a target")
    features = list(map(str, case.dataset.sensitive))
    case.need(features, "has no sensitive feature", "name one")
    trial, found = Trial(threshold=case.options.threshold), []
    for feature in features:
        drop = Drop(what="friends", columns=named)
        found.append(
            intervene(case.model, known, sensitive=feature, interventions=[drop], trial=trial)
        )
    rows = [
        row
        for finding in found
        for row in finding.table.to_dict("records")
        if row["measure"] in SHOWN or row["measure"] in ("gained", "lost")
    ]
    labels = ["intervention", "fact", "measure", "sensitive", "group"]
    table = pd.DataFrame(rows).drop_duplicates(labels)
    told = table["measure"] + "_" + table["intervention"] + "_" + table["fact"]
    kept = table.drop(columns=["title", "reason", "over"]).assign(measure=told)
    words = {
        "columns": named,
        "name": display_name(case.model),
        "held_out": found[0].parameters["held_out"],
        "turned": _turned(table),
    }
    return FilledForm(rows=kept, words=words, tables={"price": _table(table)}, seed=trial.seed)


def _table(rows: pd.DataFrame) -> FormTable:
    """One row a measure: with, without, and the change with its interval."""
    shown = []
    keys = rows[rows["measure"].isin(SHOWN)][["measure", "sensitive", "group"]].drop_duplicates()
    for measure, sensitive, group in keys.itertuples(index=False):
        own = rows.query("measure == @measure and sensitive == @sensitive and group == @group")
        with_them, without, change = (
            own[(own["intervention"] == name) & (own["fact"] == fact)].to_dict("records")
            for name, fact in (
                ("baseline", "level"),
                ("drop_friends", "level"),
                ("drop_friends", "change"),
            )
        )
        label = SHOWN[measure]
        if sensitive != "overall":
            label += f", {sensitive}: {group} less {own['reference_group'].iloc[0]}"
        cells = [_amount(each) for each in (with_them, without, change)]
        shown.append((label, *cells))
    head = ("Measure", "With friends' data", "Without", "Change")
    return FormTable(caption="Measured on people held out", head=head, rows=shown)


def _amount(found: list[dict[Any, Any]]) -> str:
    return Amount.of(found[0]).text() if found else "–"


def _turned(rows: pd.DataFrame) -> list[str]:
    """Say who is granted and who refused otherwise, by group."""
    own = rows[rows["measure"].isin(["gained", "lost"])]
    wide = own.pivot_table(index=["sensitive", "group"], columns="measure", values="estimate")
    return [
        f"{row['sensitive']}: {row['group']}: {percent(row['gained'])} would be granted who are "
        f"refused, {percent(row['lost'])} refused who are granted"
        for row in wide.reset_index().to_dict("records")
    ]


FORM = ExhibitForm(id="without_friends", title="Creditworthiness without friends", fill=fill)
