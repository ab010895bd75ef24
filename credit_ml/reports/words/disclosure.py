"""Sentences on what telling people changes: who acts, what they win, what it costs whom."""

import math

from credit_ml.core import Finding
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import regime_name, sentence
from credit_ml.grammar.numbers import Amount, decimals_for, listed, show
from credit_ml.grammar.phrases import GroupPair, apart, lead_pair, noun_of, with_level
from credit_ml.grammar.rows import fact, level, values
from credit_ml.reports.tables.change import in_units

#: With more regimes than this, prose names a few of them.
MOST_SPOKEN = 4
#: A measure and the unit that it is shown in.
Shown = tuple[Amount, str]


def measured(finding: Finding, measure: str, **at: str) -> Shown | None:
    """Return one measure of everybody, or of the group named, in the unit that is shown."""
    at = at if "sensitive" in at else {"sensitive": "overall", **at}
    value = fact(finding, measure=measure, **at)
    units = values(finding, "unit", measure=measure, **at)
    if value is None or not value.known:
        return None
    return in_units(value, units[0] if units else "")


def said(found: Shown | None) -> str:
    """Write a measure with its unit; empty when it was not measured."""
    return "" if found is None else found[0].text(found[1])


def fullest(finding: Finding) -> str:
    """Return the regime that tells most, which is "full" or else the last of the table."""
    regimes = values(finding, "regime")
    return "full" if "full" in regimes else (regimes[-1] if regimes else "")


def spoken_of(finding: Finding) -> list[str]:
    """Return the regimes that prose names: all when they are few, else those that say most.

    Nothing, factors, the fullest, and the one under which most act and win nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> told = ["nothing", "factors", "ranks", "reasons", "full"]
    >>> rows = [(each, "overall", "wasted", 0.1 * (each == "reasons"), 0.0, 0.2) for each in told]
    >>> names = ["regime", "sensitive", "measure", "estimate", "low", "high"]
    >>> spoken_of(Finding(table=pd.DataFrame(rows, columns=names), title="t"))
    ['nothing', 'factors', 'reasons', 'full']
    """
    regimes = values(finding, "regime")
    if len(regimes) <= MOST_SPOKEN:
        return regimes
    vain = {name: fact(finding, measure="wasted", regime=name, sensitive="overall")
            for name in regimes}  # fmt: skip
    known = {name: each.estimate for name, each in vain.items() if each and each.known}
    chosen = {"nothing", "factors", fullest(finding)}
    chosen |= {max(known, key=lambda name: known[name])} if known else set()
    return [name for name in regimes if name in chosen]


def disclosure_headline(results: StudyResults) -> str:
    """Return the section's result in one line: the lead gap when everything is told."""
    first, pair = next(results.of_kind("disclosure"), None), lead_pair(results)
    if first is None or pair is None:
        return ""
    return gap_sentence(first[1], pair, noun_of(results), brief=True)


def disclosure_sentences(results: StudyResults) -> str:
    """Return what a reliable person must pay, and what telling does to the gap, with intervals."""
    first, pair = next(results.of_kind("disclosure"), None), lead_pair(results)
    if first is None or pair is None:
        return ""
    noun, finding = noun_of(results), first[1]
    paid = paying_sentence(finding, pair, noun, kept=_kept(results))
    found = (paid, gap_sentence(finding, pair, noun))
    return " ".join(filter(None, found))


def disclosure_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a rater: the first in full, the others in brief."""
    noun, pair = noun_of(results), lead_pair(results)
    paragraphs = []
    for place, (rater, finding) in enumerate(results.of_kind("disclosure")):
        sentences = [
            _acting(finding, noun, first=place == 0, among=results.data.get("people")),
            _winning(finding, known=results.simulated),
            _vain(finding, noun) if place == 0 else "",
            _sorting(finding) if place == 0 else "",
            gap_sentence(finding, pair, noun) if pair else "",
            paying_sentence(finding, pair, noun, kept=_kept(results)) if pair else "",
            _on_file(finding) if place == 0 and not results.simulated else "",
        ]
        lead = sentence(rater.name) if rater else ""
        paragraphs.append(Paragraph(lead=lead, text=" ".join(filter(None, sentences))))
    paragraphs.append(Paragraph(lead="Opaque or open.", text=contrast(results)))
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _acting(finding: Finding, noun: str, *, first: bool, among: object = None) -> str:
    """Say who acts when what is told; of a sample of those among whom it was drawn."""
    parts: list[str] = []
    for regime in spoken_of(finding):
        share = measured(finding, "share_who_act", regime=regime)
        if share is None:
            continue
        when = "when" if regime == "nothing" else "once"
        who = f"{said(share)} of {noun}" if not parts else said(share)
        parts.append(f"{who if share[0].estimate else 'nobody'} act {when} {regime_name(regime)}")
    text = listed(parts).replace("nobody act ", "nobody acts ")
    if first and "people" in finding.parameters:
        followed = finding.parameters["people"]
        drawn = "all" if followed == among else "a random sample of"
        text = f"of {drawn} {show(float(followed))}, {text}"
    return sentence(with_level(text, level(finding) if first else None))


def _kept(results: StudyResults) -> str:
    """Return what reliable people do, or did where only a file says so."""
    return "keep" if results.simulated else "kept"


def _winning(finding: Finding, *, known: bool) -> str:
    """Say what full disclosure brings; without a truth, what improves is the menu's claim."""
    told = fullest(finding)
    gained, spent, better = (
        said(measured(finding, measure, regime=told))
        for measure in ("points_gained", "spending", "improvement_share")
    )
    won = measured(finding, "privileges_won", regime=told)
    if not gained:
        return ""
    text = f"When {regime_name(told)}, {gained} are gained on average"
    if won is not None and known:
        text += f" and {said(won).replace(' privileges a person', ' privileges')} won"
    elif won is not None:
        # Of a table one decision is followed, so that what is won is a share of people.
        text += f", {won[0].times(100).text('%')} come to pass the line"
    text += f", for {spent}" if spent else ""
    if better:
        what = "improve what people will keep" if known else "are improvements, as the menu claims"
        text += f"; {better} of the actions {what}, the others {'' if known else 'move '}the record"
    return f"{text}."


def _vain(finding: Finding, noun: str) -> str:
    parts = []
    for regime in spoken_of(finding):
        share = measured(finding, "wasted", regime=regime)
        if share is not None and regime != "nothing":
            who = said(share) if share[0].estimate else "nobody"
            parts.append(f"{who} when {regime_name(regime)}")
    return f"Of all {noun}, those who act and win nothing are {listed(parts)}." if parts else ""


def _sorting(finding: Finding) -> str:
    """Say whether scores still tell people apart, and whether decisions are still right."""
    parts = []
    for measure, name in (("auc", "the AUC"), ("accuracy", "the share of right decisions")):
        before, after = (
            measured(finding, measure, regime=regime) for regime in ("nothing", fullest(finding))
        )
        if before is None or after is None:
            continue
        verb = "cannot be told to have changed"
        if apart(before[0], after[0]):
            verb = "rises" if after[0].estimate > before[0].estimate else "falls"
        parts.append(f"{name} {verb}, from {said(before)} to {said(after)}")
    return sentence(listed(parts)) if parts else ""


def _on_file(finding: Finding) -> str:
    """Say what right decisions mean where only the outcome on file is known."""
    shares = [measured(finding, "accuracy", regime=name) for name in values(finding, "regime")]
    if not any(shares):
        return ""
    return (
        "Right means right of the outcome on file, which nothing that people do can move here: "
        "where most kept their obligations, decisions look better the more people pass."
    )


def gap_sentence(finding: Finding, pair: GroupPair, noun: str, *, brief: bool = False) -> str:
    """Say what full disclosure does to the gap between two groups."""
    told = fullest(finding)
    found = gap_before_and_after(finding, pair, told)
    if found is None:
        return ""
    before, after, unit = found
    change = _change(finding, pair, told, before, after)
    group, reference = pair.people(noun)
    gap = f"the gap between {group} and {reference}"
    # Finer than the change bears, so that it is the difference of the two gaps shown.
    width = (change.high - change.low) / 6 if change.ranged else None
    decimals = decimals_for(width, change.estimate)
    first, last = (show(each.estimate, decimals) for each in (before, after))
    if change.side() == "unclear":
        amount = show(change.estimate, decimals) + _bracket(change, decimals)
        what = "" if brief else f", a change of {amount}"
        return (
            f"When {regime_name(told)}, no change of {gap} can be told: {first} {unit} before, "
            f"{last} after{what}."
        )
    grown = change.size()
    size = show(grown.estimate, decimals) + ("" if brief else _bracket(grown, decimals))
    verb = "widens" if change.side() == "above" else "narrows"
    return f"When {regime_name(told)}, {gap} {verb} by {size}, from {first} to {last} {unit}."


def _bracket(change: Amount, decimals: int) -> str:
    if not change.ranged:
        return ""
    return f" ({show(change.low, decimals)} to {show(change.high, decimals)})"


def _change(finding: Finding, pair: GroupPair, told: str, before: Amount, after: Amount) -> Amount:
    """Return by how much a gap grows: what one group gains more than the other.

    The same people stand before and after, so the interval is that of the groups' gains,
    which are independent, and not of two gaps, which are not.
    """
    gains = [
        measured(
            finding,
            "points_gained",
            regime=told,
            sensitive=pair.sensitive,
            group=name,
            reference_group="",
        )
        for name in (pair.group, pair.reference)
    ]
    change = after.estimate - before.estimate
    halves = [(gain[0].high - gain[0].low) / 2 for gain in gains if gain is not None]
    half = math.hypot(*halves) if len(halves) == 2 else math.nan
    return Amount(change, change - half, change + half)


def gap_before_and_after(
    finding: Finding, pair: GroupPair, told: str
) -> tuple[Amount, Amount, str] | None:
    """Return a gap before and after, both turned so that the first is positive, and the unit."""
    before, after = (
        measured(finding, measure, regime=told, **pair.where())
        for measure in ("score_gap_before", "score_gap_after")
    )
    if before is None or after is None:
        return None
    sign = -1.0 if before[0].estimate < 0 else 1.0
    return before[0].times(sign), after[0].times(sign), before[1]


def paying(finding: Finding, pair: GroupPair) -> tuple[Shown, Shown] | None:
    """Return what reliable members of either group must spend to pass the line."""
    group, reference = (
        measured(
            finding,
            "social_burden",
            regime=fullest(finding),
            sensitive=pair.sensitive,
            group=name,
            reference_group="",
        )
        for name in (pair.group, pair.reference)
    )
    return (group, reference) if group is not None and reference is not None else None


def paying_sentence(finding: Finding, pair: GroupPair, noun: str, *, kept: str = "keep") -> str:
    """Say what those who keep obligations must spend to pass the line, group by group."""
    found = paying(finding, pair)
    if found is None:
        return ""
    group, reference = pair.people(noun)
    own, other = found
    text = (
        f"To pass the line, {group} who {kept} their obligations would have to spend {said(own)} "
        f"on average, and {reference} who {'do' if kept == 'keep' else 'did'} "
        f"{other[0].text('%')}"
    )
    return f"{text}." if apart(own[0], other[0]) else f"{text}: no difference can be told."


def contrast(results: StudyResults) -> str:
    """Hold the raters of one agency against each other: opaque against interpretable."""
    by_agency: dict[str, list[tuple[RaterResults, Finding]]] = {}
    for rater, finding in results.of_kind("disclosure"):
        if rater and "factors" in values(finding, "regime"):
            agency = str(rater.agency.get("id", "the table"))
            by_agency.setdefault(agency, []).append((rater, finding))
    return " ".join(
        _told_factors_only(agency, members)
        for agency, members in by_agency.items()
        if len({rater.scorer_kind for rater, _ in members}) > 1
    )


def _told_factors_only(agency: str, members: list[tuple[RaterResults, Finding]]) -> str:
    parts = []
    for rater, finding in members:
        price = fact(finding, measure="price_of_opacity", regime="factors", sensitive="overall")
        vain = measured(finding, "wasted", regime="factors")
        if price is None or vain is None:
            continue
        amount = price.times(100).text("percentage points")
        costs = f"secrecy costs {amount} of right decisions"
        if price.side() == "unclear":
            costs = f"what secrecy costs in right decisions cannot be told, {amount}"
        elif price.side() == "below":
            amount = price.size().times(100).text("percentage points")
            costs = f"secrecy saves {amount} of right decisions"
        parts.append(f"with the {rater.scorer_kind} scorer {said(vain)} act in vain, and {costs}")
    if len(parts) < 2:
        return ""
    return sentence(f"when {agency} names its factors and no more, {'; '.join(parts)}")
