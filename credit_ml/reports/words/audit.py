"""Sentences on who passes the line: selection, the four-fifths ratio, errors of both kinds."""

from collections.abc import Iterator

from credit_ml.core import Finding
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import people_of, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.phrases import (
    FOUR_FIFTHS,
    GroupPair,
    doubt,
    lead_pair,
    noun_of,
    percent_text,
    score_of,
    worst_pair,
)
from credit_ml.grammar.rows import fact, least, level, most, records, rows, values


def audit_headline(results: StudyResults) -> str:
    """Return the section's result in one line: the lead pair at the first rater."""
    pair, first = lead_pair(results), next(results.of_kind("audit"), None)
    if pair is None or first is None:
        return ""
    ratio = fact(first[1], quantity="ratio", measure="selection_rate", **pair.where())
    if ratio is None:
        return ""
    group, reference = pair.people(noun_of(results))
    if ratio.side(1.0) == "unclear":
        return f"No difference can be told between {group} and {reference}."
    often = f"pass {ratio.figure()} times as often as {reference}"
    return f"{sentence(group, stop='')} {often}; {four_fifths(ratio)}."


def audit_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one full paragraph on the first rater and a short one on each other rater."""
    paragraphs: list[Paragraph] = []
    noun, pair = noun_of(results), lead_pair(results)
    for place, (rater, finding) in enumerate(results.of_kind("audit")):
        if place == 0:
            paragraphs += _full(rater, finding, pair, noun)
        else:
            paragraphs.append(_short(rater, finding, pair, noun))
    return paragraphs


def _full(
    rater: RaterResults | None, finding: Finding, pair: GroupPair | None, noun: str
) -> list[Paragraph]:
    opening = _opening(rater, finding, noun, first=True)
    features = _features(finding)
    first = [pair] if pair else []
    rest = [other for other in (worst_pair(finding, name) for name in features) if other]
    rest = [other for other in rest if not pair or other.sensitive != pair.sensitive]
    lead = " ".join(
        [opening, *(ratio_sentence(finding, each, noun) for each in first)],
    )
    return [
        Paragraph(lead="Selection.", text=lead),
        Paragraph(
            lead="Other features.",
            text=" ".join(ratio_sentence(finding, each, noun) for each in rest),
        ),
        Paragraph(lead="Intersections.", text=intersection_sentence(finding, noun)),
        Paragraph(
            lead="Errors.",
            text=" ".join(errors_sentence(finding, each, noun) for each in first),
        ),
    ]


def _short(
    rater: RaterResults | None, finding: Finding, pair: GroupPair | None, noun: str
) -> Paragraph:
    said = [_opening(rater, finding, noun)]
    if pair:
        said.append(ratio_sentence(finding, pair, noun))
    name = rater.name if rater else str(finding.parameters.get("rater", finding.title))
    return Paragraph(lead=sentence(name), text=" ".join(said))


def _opening(
    rater: RaterResults | None, finding: Finding, noun: str, *, first: bool = False
) -> str:
    share = fact(finding, quantity="value", sensitive="overall", measure="selection_rate")
    line = str(finding.parameters.get("decision", "")).strip()
    whose = f" on {score_of(rater)}" if rater else ""
    rule = f"The line is {line}{'' if rater and rater.agency else whose}." if line else ""
    if share is None:
        return rule
    passed = percent_text(share, level(finding) if first else None)
    return f"{rule} {passed} of all {noun} pass it.".strip()


def line_of(rater: RaterResults | None, finding: Finding) -> str:
    """Return the line that people pass, as the object of a sentence."""
    decision = str(finding.parameters.get("decision", "")).strip()
    whose = f" of {score_of(rater)}" if rater else ""
    return f" the line{whose}, {decision}," if decision else ""


def ratio_sentence(finding: Finding, pair: GroupPair, noun: str, *, what: str = "") -> str:
    """Say how often a group passes against its reference group, and what four fifths says."""
    ratio = fact(finding, quantity="ratio", measure="selection_rate", **pair.where())
    if ratio is None:
        return ""
    group, reference = pair.people(noun)
    said = f"{sentence(group, stop='')} pass{what} {ratio.figure()} times as often as {reference}"
    said += ratio.bracket()
    if ratio.side(1.0) == "unclear":
        return f"{said}, {doubt(ratio, reference=1.0)}."
    shares = _shares(finding, pair)
    said += f": {shares}" if shares else ""
    return f"{said}; {four_fifths(ratio)}."


def _shares(finding: Finding, pair: GroupPair) -> str:
    found = [
        fact(
            finding,
            quantity="value",
            measure="selection_rate",
            sensitive=pair.sensitive,
            group=group,
        )
        for group in (pair.group, pair.reference)
    ]
    known = [share for share in found if share is not None]
    return f"{known[0].percent()} against {known[1].percent()}" if len(known) == 2 else ""


def four_fifths(ratio: Amount) -> str:
    """Hold a selection ratio against four fifths, either way round.

    Examples
    --------
    >>> four_fifths(Amount(0.62, 0.60, 0.64))
    'the ratio is below four fifths'
    >>> four_fifths(Amount(1.40, 1.32, 1.48))
    'the other way round, the ratio is below four fifths'
    """
    turned = ratio.estimate > 1
    if turned:
        ratio = Amount(1 / ratio.estimate, 1 / ratio.high, 1 / ratio.low)
    side = ratio.side(FOUR_FIFTHS)
    place = {
        "below": "is below four fifths",
        "above": "is above four fifths",
        "unclear": "cannot be told from four fifths",
    }[side]
    return f"the other way round, the ratio {place}" if turned else f"the ratio {place}"


def _features(finding: Finding) -> list[str]:
    names = values(finding, "sensitive", quantity="ratio")
    return [name for name in names if " x " not in name and name != "overall"]


def others_sentence(finding: Finding, pair: GroupPair) -> str:
    """Name the other features, by whether a difference in selection can be told."""
    told: dict[bool, list[str]] = {True: [], False: []}
    for sensitive in _features(finding):
        if sensitive != pair.sensitive:
            ratios = rows(finding, quantity="ratio", measure="selection_rate", sensitive=sensitive)
            sides = {Amount.of(row).side(1.0) for row in records(ratios)}
            told[bool(sides - {"unclear"})].append(sensitive_name(sensitive))
    said = []
    if told[True]:
        said.append(f"Selection differs by {listed(told[True])} too")
    if told[False]:
        said.append(f"by {listed(told[False], 'and by')} no difference can be told")
    return sentence("; ".join(said))


def intersection_sentence(finding: Finding, noun: str) -> str:
    """Name the intersections that pass least and most often; small groups are left out."""
    found = rows(finding, quantity="value", measure="selection_rate").dropna(subset=["estimate"])
    found = found[found["sensitive"].astype(str).str.count(" x ") == 1]
    found = found[found["people"] >= float(finding.parameters.get("small", 0))]
    if len(found) < 2:
        return ""
    low, high = (
        (people_of(str(row["sensitive"]), str(row["group"]), noun), Amount.of(row).percent())
        for row in (least(found), most(found))
    )
    return (
        f"Of all groups in which two features meet, {low[0]} pass least often, {low[1]}, "
        f"and {high[0]} most often, {high[1]}."
    )


def errors_sentence(finding: Finding, pair: GroupPair, noun: str) -> str:
    """Say whom the line errs against: keepers shut out, breakers let in."""
    said, let_in = (
        [
            f"{share} of {people_of(pair.sensitive, group, noun)}"
            for group, share in _rates(finding, pair, metric)
        ]
        for metric in ("true_positive_rate", "false_positive_rate")
    )
    if not said:
        return ""
    text = f"Of those who kept their obligations, {listed(said)} pass the line"
    if let_in:
        text += f"; of those who did not, {listed(let_in)}"
    return f"{text}. {shut_out_sentence(finding, pair, noun)}"


def shut_out_sentence(finding: Finding, pair: GroupPair, noun: str) -> str:
    """Say which group's keepers of obligations are shut out more often, and by how much."""
    gap = fact(finding, quantity="difference", measure="true_positive_rate", **pair.where())
    if gap is None:
        return ""
    harmed, spared = pair.people(noun)[:: 1 if gap.estimate < 0 else -1]
    size = gap.size().times(100).text("percentage points")
    if gap.side() == "unclear":
        return (
            f"Among those who kept their obligations, the difference between {harmed} and "
            f"{spared} is {size}, {doubt(gap)}."
        )
    return (
        f"Among those who kept their obligations, {harmed} are shut out more often than "
        f"{spared}, by {size}."
    )


def _rates(finding: Finding, pair: GroupPair, metric: str) -> Iterator[tuple[str, str]]:
    for group in (pair.group, pair.reference):
        share = fact(
            finding, quantity="value", measure=metric, sensitive=pair.sensitive, group=group
        )
        if share is not None:
            yield group, share.percent()
