"""Sentences on what a readable score costs: pairs told apart, groups, reasons."""

import numpy as np
import pandas as pd

from credit_ml.core import Finding
from credit_ml.reports.content import StudyResults
from credit_ml.reports.names import sentence
from credit_ml.reports.numbers import Measured, listed
from credit_ml.reports.pieces import Paragraph

_NAMES = {
    "opaque": "boosted trees",
    "neural": "a neural network",
    "logistic": "a logistic regression",
    "scorecard": "a scorecard",
    "tree": "a small tree",
    "blend": "a blend",
    "ebm": "explainable boosting",
    "lightgbm": "LightGBM's trees",
}


def interpretability_headline(results: StudyResults) -> str:
    """Return the section's result in one line: which readable scorers lose, and how much."""
    found = _finding(results)
    if found is None:
        return ""
    lost = {name: _pooled(found, name) for name in ("scorecard", "logistic", "ebm", "tree")}
    known = {name: loss for name, loss in lost.items() if loss is not None}
    unclear = [_NAMES[name] for name, loss in known.items() if loss.side(0.0) == "unclear"]
    clear = [_cost(name, loss) for name, loss in known.items() if loss.side(0.0) != "unclear"]
    said = []
    if clear:
        said.append(f"{listed(clear)} against {_first(found)}, meaned over worlds")
    if unclear:
        said.append(f"no difference can be told for {listed(unclear)}")
    return sentence("; ".join(said)) if said else ""


def interpretability_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return what each scorer loses in the study's worlds, and how complete its reasons are."""
    found = _finding(results)
    if found is None:
        return []
    worlds = list(found.table["world"].unique())
    world = worlds[0]
    own = found.table[(found.table["world"] == world) & (found.table["measure"] == "auc_lost")]
    parts = [
        f"{_NAMES.get(str(row['scorer']), row['scorer'])} "
        f"{Measured.of(row).times(100).text('')}".strip()
        for _, row in own.iterrows()
    ]
    seeds = int(found.table["seeds"].max())
    cost = (
        f"Readable and opaque scorers were trained on the same {seeds} societies of each of "
        f"{len(worlds)} worlds. In the world '{world}', the others lose against {_first(found)}, "
        f"in percentage points of pairs told apart: {listed(parts)}. Below zero they rank "
        "better; an interval that holds zero means that no difference can be told."
    )
    fidelity = _mean_over_worlds(found, "fidelity")
    reasons = [
        f"{100 * value:.0f} % for {_NAMES.get(name, name)}" for name, value in fidelity.items()
    ]
    return [
        Paragraph(text=cost),
        Paragraph(
            lead="Reasons.",
            text="How much of a score the best sum over features explains says how complete any "
            f"list of reasons can be: {listed(reasons)}.",
        ),
    ]


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("interpretability")), None)


def _first(found: Finding) -> str:
    first = str(found.parameters["scorers"][0])
    return _NAMES.get(first, first)


def _mean_over_worlds(found: Finding, measure: str) -> dict[str, float]:
    rows: pd.DataFrame = found.table[found.table["measure"] == measure]
    means = rows.groupby("scorer", sort=False)["estimate"].mean()
    return {str(name): float(value) for name, value in means.items()}


def _pooled(found: Finding, scorer: str) -> Measured | None:
    """Mean over worlds, which are independent of each other, of what a scorer loses."""
    table = found.table
    rows = table[(table["measure"] == "auc_lost") & (table["scorer"] == scorer)]
    if not len(rows):
        return None
    half = float(np.sqrt((((rows["high"] - rows["low"]) / 2) ** 2).sum())) / len(rows)
    mean = float(rows["estimate"].mean())
    return Measured(100 * mean, 100 * (mean - half), 100 * (mean + half))


def _cost(name: str, lost: Measured) -> str:
    verb = "gains" if lost.estimate < 0 else "loses"
    return f"{_NAMES[name]} {verb} {lost.size().text('percentage points')} of AUC"
