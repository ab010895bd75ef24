"""Sentences on what telling people changes: who acts, what it costs, what the gap does."""

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.names import regime_name, sentence
from credit_ml.reports.numbers import Measured, listed
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import fact, level, values
from credit_ml.reports.tables.change import in_units
from credit_ml.reports.words.voice import (
    Pair,
    lead_pair,
    moved,
    noun_of,
    with_level,
)


def measured(finding: Finding, measure: str, **at: str) -> tuple[Measured, str] | None:
    """Return one measure and the unit that it is shown in."""
    at = at if "sensitive" in at else {"sensitive": "overall", **at}
    value = fact(finding, measure=measure, **at)
    units = values(finding, "unit", measure=measure, **at)
    return None if value is None else in_units(value, units[0] if units else "")


def said(found: tuple[Measured, str] | None) -> str:
    """Write a measure with its unit; empty when it was not measured."""
    return "" if found is None else found[0].text(found[1])


def fullest(finding: Finding) -> str:
    """Return the regime that tells most, which is the last of the table."""
    regimes = values(finding, "regime")
    return "full" if "full" in regimes else (regimes[-1] if regimes else "")


def disclosure_headline(results: StudyResults) -> str:
    """Return the section's result in one line: the lead gap when everything is told."""
    first, pair = next(results.of_kind("disclosure"), None), lead_pair(results)
    if first is None:
        return ""
    told = fullest(first[1])
    gap = _short(first[1], pair, noun_of(results), told) if pair else ""
    acts = said(measured(first[1], "share_who_act", regime=told))
    if gap:
        return gap
    return f"When {regime_name(told)}, {acts} of {noun_of(results)} act on it." if acts else ""


def disclosure_sentence(results: StudyResults) -> str:
    """Return what full disclosure does to the lead gap, with intervals, for the abstract."""
    first, pair = next(results.of_kind("disclosure"), None), lead_pair(results)
    if first is None or pair is None:
        return ""
    return gap_sentence(first[1], pair, noun_of(results), fullest(first[1]))


def _short(finding: Finding, pair: Pair, noun: str, told: str) -> str:
    found = _gap_before_and_after(finding, pair, told)
    if found is None:
        return ""
    before, after, unit = found
    group, reference = pair.people(noun)
    verb = moved(before, after)
    said_before, said_after = before.figure(unit), after.figure(unit)
    return (
        f"When {regime_name(told)}, the gap between {group} and {reference} {verb}, "
        f"from {said_before} to {said_after} {unit}."
    )


def disclosure_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a rater, then opaque against interpretable."""
    noun, pair = noun_of(results), lead_pair(results)
    paragraphs = []
    for place, (rater, finding) in enumerate(results.of_kind("disclosure")):
        sentences = [
            _acting(finding, noun, first=place == 0),
            _gaining(finding),
            _accuracy(finding),
            gap_sentence(finding, pair, noun, fullest(finding)) if pair else "",
            _paying(finding, pair, noun) if pair else "",
        ]
        lead = sentence(rater.name) if rater else ""
        paragraphs.append(Paragraph(lead=lead, text=" ".join(filter(None, sentences))))
    paragraphs.append(Paragraph(lead="Opaque or open.", text=_contrast(results)))
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _acting(finding: Finding, noun: str, *, first: bool) -> str:
    found = [
        (regime, measured(finding, "share_who_act", regime=regime))
        for regime in values(finding, "regime")
    ]
    known = [(regime, value) for regime, value in found if value is not None]
    parts = [
        f"{said(value)} act once {regime_name(regime)}"
        if regime != "nothing"
        else f"{said(value)} of {noun} act when nothing is told"
        for regime, value in known
    ]
    return sentence(with_level(listed(parts), level(finding) if first else None))


def _gaining(finding: Finding) -> str:
    told = fullest(finding)
    gained, spent, better = (
        said(measured(finding, measure, regime=told))
        for measure in ("points_gained", "spending", "improvement_share")
    )
    if not gained:
        return ""
    text = f"When {regime_name(told)}, they gain {gained} on average"
    text += f" and spend {spent}" if spent else ""
    text += f"; {better} of the gain is improvement, the rest leaves the outcome" if better else ""
    return f"{text}."


def _accuracy(finding: Finding) -> str:
    told = fullest(finding)
    before, after = (measured(finding, "accuracy", regime=regime) for regime in ("nothing", told))
    if before is None or after is None:
        return ""
    change = after[0].estimate - before[0].estimate
    overlap = after[0].ranged and before[0].ranged
    overlap = overlap and after[0].low <= before[0].high and before[0].low <= after[0].high
    if overlap or change == 0:
        return f"The accuracy of decisions hardly moves, from {said(before)} to {said(after)}."
    verb = "rises" if change > 0 else "falls"
    return f"The accuracy of decisions {verb} from {said(before)} to {said(after)}."


def gap_sentence(finding: Finding, pair: Pair, noun: str, told: str) -> str:
    """Say what disclosure does to the lead gap in the score."""
    found = _gap_before_and_after(finding, pair, told)
    if found is None:
        return ""
    before, after, unit = found
    group, reference = pair.people(noun)
    verb = moved(before, after)
    return (
        f"When {regime_name(told)}, the gap between {group} and {reference} {verb}: "
        f"{before.text(unit)} before, {after.text(unit)} after."
    )


def _gap_before_and_after(
    finding: Finding, pair: Pair, told: str
) -> tuple[Measured, Measured, str] | None:
    """Return the lead gap before and after, both turned so that the first is positive."""
    before, after = (
        measured(finding, measure, regime=told, **pair.where())
        for measure in ("score_gap_before", "score_gap_after")
    )
    if before is None or after is None:
        return None
    sign = -1.0 if before[0].estimate < 0 else 1.0
    return before[0].times(sign), after[0].times(sign), before[1]


def _paying(finding: Finding, pair: Pair, noun: str) -> str:
    told = fullest(finding)
    parts = []
    for group in (pair.group, pair.reference):
        at = {"sensitive": pair.sensitive, "group": group, "reference_group": ""}
        burden = measured(finding, "social_burden", regime=told, **at)
        if burden is not None:
            people = Pair(pair.sensitive, group, "").people(noun)[0]
            parts.append(f"{said(burden)} for {people}")
    if len(parts) < 2:
        return ""
    return f"What a reliable person must pay to pass is {listed(parts)}."


def _contrast(results: StudyResults) -> str:
    """Hold the raters of one agency against each other: opaque against interpretable."""
    by_agency: dict[str, list[tuple[RaterResults, Finding]]] = {}
    for rater, finding in results.of_kind("disclosure"):
        if rater and rater.agency.get("id"):
            by_agency.setdefault(str(rater.agency["id"]), []).append((rater, finding))
    sentences = []
    for agency, pairs in by_agency.items():
        if len({rater.scorer_kind for rater, _ in pairs}) < 2:
            continue
        parts = [
            f"{said(measured(finding, 'points_gained', regime=fullest(finding)))} "
            f"with the {rater.scorer_kind} scorer"
            for rater, finding in pairs
            if measured(finding, "points_gained", regime=fullest(finding))
        ]
        if len(parts) > 1:
            sentences.append(f"At {agency}, people told the whole model gain {listed(parts)}.")
    return " ".join(sentences)
