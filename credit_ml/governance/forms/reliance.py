"""How often the score decides: what was decided in the end, held against the score alone."""

import numpy as np

from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import (
    ExhibitForm,
    FilledForm,
    FormTable,
    group_name,
    measured,
    percent,
)


def fill(case: ExhibitCase) -> FilledForm:
    """Count decisions that follow the score, and those that somebody decided otherwise."""
    suggested = case.decided
    told = case.options.decisions is not None
    final = _final(case) if told else suggested
    rows = measured(case.dataset, "follows_score", final == suggested)
    rows += measured(case.dataset, "granted_below", final, among=~suggested)
    rows += measured(case.dataset, "refused_above", ~final, among=suggested)
    counts = {
        (above, granted): int(((suggested == above) & (final == granted)).sum())
        for above in (True, False)
        for granted in (True, False)
    }
    shown = [
        (
            "at the threshold or above" if above else "below the threshold",
            f"{counts[above, True]:,}",
            f"{counts[above, False]:,}",
            percent(
                counts[above, True] / total
                if (total := counts[above, True] + counts[above, False])
                else np.nan
            ),
        )
        for above in (True, False)
    ]
    table = FormTable(
        caption="Decisions by what the score alone would have decided",
        head=("Score", "Granted", "Refused", "Share granted"),
        rows=shown,
    )
    groups = FormTable(
        caption="Decisions that follow the score, by group",
        head=("Group", "People", "Follow the score"),
        rows=[
            (group_name(row), f"{int(row['people']):,}", percent(row["estimate"]))
            for row in rows
            if row["measure"] == "follows_score" and row.get("quantity", "value") == "value"
        ],
    )
    follows = float((final == suggested).mean())
    words = {"told": told, "follows": follows, "against": int((final != suggested).sum())}
    return FilledForm(rows=rows, words=words, tables={"decisions": table, "groups": groups})


def _final(case: ExhibitCase) -> np.ndarray:
    """What was decided in the end, as True and False."""
    remedy = "name the column of final decisions"
    column = case.column(case.options.decisions, "final decisions", remedy)
    usable = set(column.dropna().unique()) <= {0, 1} and not column.isna().any()
    problem = f"has final decisions '{column.name}' that are not all 0 or 1"
    case.need(usable, problem, "give 1 for granted and 0 for refused")
    return column.to_numpy(dtype=bool)


FORM = ExhibitForm(id="reliance", title="How often the score decides", fill=fill)
