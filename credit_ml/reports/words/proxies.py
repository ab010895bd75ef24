"""Sentences on proxies: which factors tell who somebody is, and which of those the score uses."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import factor_name, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.rows import records, rows

#: AUC of columns that tell nothing.
CHANCE = 0.5


def proxies_headline(results: StudyResults) -> str:
    """Return which factor tells most of the sensitive feature."""
    found = _finding(results)
    if found is None:
        return ""
    told = _factors(found, "auc")
    if not told:
        return ""
    name, auc = max(told, key=lambda each: each[1].estimate)
    feature = sensitive_name(str(found.table["sensitive"].iloc[0]))
    if auc.side(CHANCE) != "above":
        return sentence(f"no factor can be said to tell a person's {feature}")
    return sentence(
        f"{factor_name(name)} tells most of a person's {feature}: of two people, one of each "
        f"group, it names the right one {auc.percent()} of the time"
    )


def proxies_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return both halves of a proxy, and what is told by one factor alone."""
    found = _finding(results)
    if found is None:
        return []
    both = [_both(found), _alone(found), _column(found)]
    return [
        paragraph
        for paragraph in (
            Paragraph(lead="Two halves.", text=both[0]),
            Paragraph(lead="Given the others.", text=both[1]),
            Paragraph(lead="Column by column.", text=both[2]),
        )
        if paragraph.text
    ]


def _both(found: Finding) -> str:
    moved = dict(_factors(found, "decisions"))
    told = [name for name, auc in _factors(found, "auc") if auc.side(CHANCE) == "above"]
    if not moved or not told:
        return ""
    parts = [f"{factor_name(name)} {moved[name].percent()}" for name in told if name in moved]
    return (
        "A proxy tells the feature and moves the score. Of the factors that tell it, taking a "
        "factor's records from another random person turns this share of decisions: "
        f"{listed(parts)}."
    )


def _alone(found: Finding) -> str:
    added = _factors(found, "added_auc")
    if not added:
        return ""
    own = [name for name, value in added if value.side(0.0) == "above"]
    told = {name for name, auc in _factors(found, "auc") if auc.side(CHANCE) == "above"}
    hidden = [name for name, value in added if name in told and value.side(0.0) != "above"]
    said = []
    if own:
        said.append(
            f"{listed([factor_name(n) for n in own])} tell something that the others do not"
        )
    if hidden:
        said.append(
            f"what {listed([factor_name(n) for n in hidden])} tell, the others tell too, so that "
            "dropping one of them hides nothing"
        )
    return sentence("; ".join(said)) if said else ""


def _column(found: Finding) -> str:
    columns = rows(found, level="column", measure="auc").dropna(subset=["estimate"])
    if not len(columns):
        return ""
    best = sorted(records(columns), key=lambda row: -row["estimate"])[:3]
    parts = [f"{str(row['name']).replace('_', ' ')} ({Amount.of(row).percent()})" for row in best]
    return f"The columns that tell most are {listed(parts)}."


def _factors(found: Finding, measure: str) -> list[tuple[str, Amount]]:
    told = rows(found, level="factor", measure=measure).dropna(subset=["estimate"])
    return [(str(row["name"]), Amount.of(row)) for row in records(told)]


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("proxies")), None)
