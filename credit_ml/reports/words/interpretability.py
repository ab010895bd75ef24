"""Sentences on what a readable score costs: pairs told apart, groups, reasons."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.rows import fact

#: The finding's row of means over worlds.
ALL = "(all)"

#: Kinds of scorers, as prose names them.
SCORERS = {
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
    unclear = [SCORERS[name] for name, loss in known.items() if loss.side(0.0) == "unclear"]
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
    worlds = [world for world in found.table["world"].unique() if world != ALL]
    world = worlds[0]
    own = found.table[(found.table["world"] == world) & (found.table["measure"] == "auc_lost")]
    parts = [
        f"{SCORERS.get(str(row['scorer']), row['scorer'])} "
        f"{Amount.of(row).times(100).text('')}".strip()
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
        f"{100 * value:.0f} % for {SCORERS.get(name, name)}" for name, value in fidelity.items()
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
    return SCORERS.get(first, first)


def _mean_over_worlds(found: Finding, measure: str) -> dict[str, float]:
    rows = found.table[(found.table["measure"] == measure) & (found.table["world"] == ALL)]
    return {str(row["scorer"]): float(row["estimate"]) for row in rows.to_dict("records")}


def _pooled(found: Finding, scorer: str) -> Amount | None:
    """Mean over worlds of the percentage points of AUC that a scorer loses."""
    lost = fact(found, measure="auc_lost", scorer=scorer, world=ALL)
    return lost.times(100) if lost else None


def _cost(name: str, lost: Amount) -> str:
    verb = "gains" if lost.estimate < 0 else "loses"
    return f"{SCORERS[name]} {verb} {lost.size().text('percentage points')} of AUC"
