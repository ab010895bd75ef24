"""The few numbers that a reader should keep, each with its interval and what to hold it against."""

from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Card
from credit_ml.grammar.names import factor_name, sentence
from credit_ml.grammar.numbers import NARROW, Amount
from credit_ml.grammar.phrases import lead_pair, noun_of
from credit_ml.grammar.rows import fact
from credit_ml.proxies.decomposition.facts import TRUTH, gaps, together


def cards(results: StudyResults) -> tuple[Card, ...]:
    """Return three to five cards, fewer where less was measured."""
    found = (
        _ratio(results),
        _gap(results),
        _part(results),
        _burden(results),
        _gap_after(results),
        _auc(results),
    )
    return tuple(card for card in found if card is not None)[:5]


def _card(value: Amount, unit: str, meaning: str, reference: str) -> Card:
    return Card(
        figure=value.figure(unit),
        unit=unit,
        meaning=sentence(meaning, stop=""),
        interval=value.interval(unit),
        reference=reference,
    )


def _ratio(results: StudyResults) -> Card | None:
    pair, first = lead_pair(results), next(results.of_kind("audit"), None)
    if pair is None or first is None:
        return None
    ratio = fact(first[1], quantity="ratio", measure="selection_rate", **pair.where())
    if ratio is None:
        return None
    group, reference = pair.people(noun_of(results))
    meaning = f"how often {group} pass, for each time that {reference} do"
    return _card(ratio, "", meaning, "four fifths: 0.8; parity: 1")


def _gap(results: StudyResults) -> Card | None:
    pair = lead_pair(results)
    found = gaps(results, pair) if pair else []
    chosen = [gap for gap in found if gap.method == TRUTH] or found
    if not chosen or pair is None or chosen[0].whole is None:
        return None
    group, reference = pair.people(noun_of(results))
    whole = chosen[0].whole
    direction = "below" if whole.estimate < 0 else "above"
    return _card(
        whole.size(), chosen[0].unit, f"{group} score {direction} {reference}", "no gap: 0"
    )


def _part(results: StudyResults) -> Card | None:
    """Return what friends and address carry, or else the largest part of the gap."""
    pair = lead_pair(results)
    found = gaps(results, pair) if pair else []
    chosen = ([gap for gap in found if gap.method == TRUTH] or found)[:1]
    if not chosen or chosen[0].whole is None or chosen[0].whole.side() == "unclear":
        return None
    gap, whole = chosen[0], chosen[0].whole.size()
    verb = "come through" if gap.method == TRUTH else "are attributed to"
    both = together(gap)
    if both is not None:
        return _card(both, gap.unit, f"of these {verb} friends and address", f"of {whole.figure()}")
    name, part = gap.parts()[0]
    if part.side() != "above":
        return None
    return _card(part, gap.unit, f"of these {verb} {factor_name(name)}", f"of {whole.figure()}")


def _burden(results: StudyResults) -> Card | None:
    from credit_ml.disclosure.facts import paying  # loads scipy, which a page need not

    pair, first = lead_pair(results), next(results.of_kind("disclosure"), None)
    found = paying(first[1], pair) if pair and first else None
    if pair is None or found is None:
        return None
    (own, unit), (other, _) = found
    group, reference = pair.people(noun_of(results))
    kept = "keep" if results.simulated else "kept"
    meaning = f"what {group} who {kept} their obligations would pay to pass"
    return _card(own, unit, meaning, f"{reference}: {other.figure(unit)}{NARROW}%")


def _gap_after(results: StudyResults) -> Card | None:
    from credit_ml.disclosure.facts import clause, fullest, gap_change

    pair, first = lead_pair(results), next(results.of_kind("disclosure"), None)
    if pair is None or first is None:
        return None
    found = gap_change(first[1], pair)
    if found is None:
        return None
    told = clause(first[1], fullest(first[1]))
    before = f"before: {found.before.figure()}"
    return _card(found.after, found.unit, f"the gap once {told}", before)


def _auc(results: StudyResults) -> Card | None:
    first = next(results.of_kind("quality"), None)
    auc = fact(first[1], measure="auc", sensitive="overall") if first else None
    if auc is None:
        return None
    meaning = "of pairs in which the keeper of obligations outscores the breaker"
    return _card(auc.times(100), "%", meaning, "a coin: 50")
