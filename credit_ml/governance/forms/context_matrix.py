"""Contexts by consequences: the share of each refusal that is due to unrelated data."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Mask, Streams
from credit_ml.core.tables.frames import with_columns
from credit_ml.explanation.reasons.compute import commonest_or_middle
from credit_ml.explanation.shapley.block_shapley import pair_attributions
from credit_ml.governance.case import ExhibitCase, columns_of
from credit_ml.governance.form import ExhibitForm, FilledForm, FormTable, percent
from credit_ml.inference import People
from credit_ml.society import COLUMNS, STREAMS

#: People of each consequence who are asked about; all where they are fewer.
MOST = 500
#: Levels of gravity that are shown one by one; more are put into quarters.
LEVELS = 6


def fill(case: ExhibitCase) -> FilledForm:
    """Take each refusal apart by the context of the data, against a person typical in all of it.

    The points that somebody lacks against the typical person are shared out by Shapley's rule
    among contexts. A refusal turns on unrelated data when it would be a grant were those data
    typical and everything else the person's own.
    """
    contexts = _contexts(case)
    remedy = f"say which belong to the decision: related = [...]; contexts: {', '.join(contexts)}"
    case.need(case.options.related, "does not say which contexts are related", remedy)
    for name in case.options.related:
        case.need(name in contexts, f"has no context '{name}'", remedy)
    typical = pd.Series({c: commonest_or_middle(case.read.X[c]) for c in case.dataset.features})
    rows: list[dict[str, Any]] = []
    matrix: dict[str, dict[str, str]] = {name: {} for name in contexts}
    totals = []
    for consequence, below in _consequences(case):
        met = case.points < below
        if not met.any():
            continue
        found = _of_consequence(case, consequence, below, met, contexts, typical)
        rows += found
        facts = {(row["measure"], row["group"]): row for row in found}
        for name in contexts:
            matrix[name][consequence] = percent(facts["share_of_refusal", name]["estimate"])
        turned, share = facts["turns_on_unrelated", "all"], facts["share_unrelated", "all"]
        totals.append(
            (
                consequence,
                f"{int(met.sum()):,}",
                percent(share["estimate"]),
                percent(turned["estimate"]),
            )
        )
    case.need(totals, "refuses nobody anything", "give another threshold")
    related = set(case.options.related)
    consequences = [each[0] for each in totals]
    shown = [
        (name, "related" if name in related else "unrelated", *(own[c] for c in consequences))
        for name, own in matrix.items()
    ]
    gravity, steps = _gravity(case)
    tables = {
        "matrix": FormTable(
            caption="Share of the points lacked that is due to each context's data",
            head=("Context of the data", "To the decision", *consequences),
            rows=shown,
            words=(0, 1),
        ),
        "totals": FormTable(
            caption="All unrelated contexts together",
            head=("Consequence", "People", "Share due to them", "Turn on them"),
            rows=totals,
        ),
        "gravity": FormTable(
            caption="Consequences by the gravity of conduct",
            head=("Gravity", "People", *(name for name, _ in _consequences(case))),
            rows=steps,
        ),
    }
    words = {"related": case.options.related, "gravity": case.options.gravity, "sampled": MOST}
    return FilledForm(rows=rows + gravity, words=words, tables=tables, seed=0)


def _contexts(case: ExhibitCase) -> dict[str, tuple[str, ...]]:
    """Columns by the context in which they were collected, each in one."""
    said = case.options.contexts
    if said is not None:
        found = {name: tuple(columns_of(case, own)) for name, own in said.items()}
        held = [column for own in found.values() for column in own]
        left = [column for column in case.dataset.features if column not in held]
        case.need(not left, f"has '{(left or [''])[0]}' in no context", "put it into one")
        case.need(len(held) == len(set(held)), "has a column in two contexts", "keep it in one")
        return found
    if isinstance(case.model, Rater):
        seen = case.dataset.features
        streams = {each: tuple(c for c in seen if COLUMNS[c].stream == each) for each in STREAMS}
        return {name: own for name, own in streams.items() if own}
    return dict(case.dataset.factors)


def _consequences(case: ExhibitCase) -> list[tuple[str, float]]:
    """Everything that a score closes or brings, with the score below which it does."""
    if not isinstance(case.model, Rater) or case.options.threshold is not None:
        return [(f"refused: {case.options.decision}", case.threshold)]
    agency = case.model.agency
    refused = [(f"refused: {each.name}", float(each.threshold)) for each in agency.privileges]
    return refused + [(each.name, float(each.below)) for each in agency.penalties]


def _of_consequence(
    case: ExhibitCase,
    consequence: str,
    below: float,
    met: Mask,
    contexts: Mapping[str, Sequence[str]],
    typical: pd.Series,
) -> list[dict[str, Any]]:
    """Rows of one consequence: each context's share, that of all unrelated ones, who turns."""
    rows = np.flatnonzero(met)
    if len(rows) > MOST:
        draw = Streams(0).generator("governance.context_matrix")
        rows = np.sort(draw.choice(rows, MOST, replace=False))
    chosen = case.dataset.take(rows)
    own = case.read.X.iloc[rows].reset_index(drop=True)
    usual = _set(own, list(typical.index), typical)
    parts, _, _ = pair_attributions(case.score, own, usual, contexts)
    lost = np.clip(-parts, 0.0, None)
    total = lost.sum(axis=1)
    some = total > 0
    shares = np.divide(lost, total[:, None], out=np.zeros_like(lost), where=some[:, None])
    unrelated = [name not in case.options.related for name in contexts]
    columns = [c for name, own in contexts.items() if name not in case.options.related for c in own]
    turned = case.score(_set(own, columns, typical)) >= below
    people = People.of(chosen)
    labels = {"sensitive": consequence, "people": len(rows)}
    measured = {name: people.mean(shares[:, k], some) for k, name in enumerate(contexts)}
    found = [
        labels | {"measure": "share_of_refusal", "group": name} | one.facts(0.95)
        for name, one in measured.items()
    ]
    together = people.mean(shares[:, unrelated].sum(axis=1), some).facts(0.95)
    turning = people.share(turned).facts(0.95)
    return [
        *found,
        labels | {"measure": "share_unrelated", "group": "all"} | together,
        labels | {"measure": "turns_on_unrelated", "group": "all"} | turning,
    ]


def _set(X: pd.DataFrame, columns: Sequence[str], typical: pd.Series) -> pd.DataFrame:
    """Return the table with these columns at what is typical, in their own types."""
    changed = {
        name: pd.Series([typical[name]] * len(X), index=X.index).astype(X[name].dtype)
        for name in columns
    }
    return with_columns(X, changed)


def _gravity(case: ExhibitCase) -> tuple[list[dict[str, Any]], list[tuple[str, ...]]]:
    """Share who meet each consequence, by the gravity of conduct."""
    if case.options.gravity is None:
        return [], []
    grave = case.column(case.options.gravity, "gravity", "name the column")
    case.need(
        pd.api.types.is_numeric_dtype(grave) and grave.notna().all(),
        f"has gravity '{grave.name}' that is not a number everywhere",
        "give numbers, higher for graver",
    )
    levels = grave if grave.nunique() <= LEVELS else pd.qcut(grave, 4, duplicates="drop")
    people, rows, shown = People.of(case.dataset), [], []
    for level in sorted(levels.unique()):
        at = (levels == level).to_numpy()
        cells = []
        for consequence, below in _consequences(case):
            one = people.share(case.points < below, at)
            labels = {"measure": "share_by_gravity", "sensitive": consequence, "group": str(level)}
            rows.append(labels | one.facts(0.95))
            cells.append(percent(float(one)))
        shown.append((str(level), f"{int(at.sum()):,}", *cells))
    return rows, shown


FORM = ExhibitForm(id="context_matrix", title="Contexts and consequences", fill=fill)
