"""Sentences on what carries a gap: the truth where it is known, beside what estimators say."""

from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import factor_name, method_name, plural, sentence
from credit_ml.grammar.numbers import Amount, listed, percent, show, spelled
from credit_ml.grammar.phrases import (
    GroupPair,
    doubt,
    lead_pair,
    noun_of,
    score_of,
    with_level,
)
from credit_ml.grammar.rows import level
from credit_ml.reports.presented import FACTORS
from credit_ml.reports.words.gaps import GAP_KINDS, TRUTH, Gap, all_pairs, gaps

#: Factors that say whom one knows and where one lives.
TOGETHER = (FACTORS["relationships"], FACTORS["personal"])
TOGETHER_NAMED = "friends and address"
_ENDS = ("estimate", "low", "high")


def gap_headline(results: StudyResults) -> str:
    """Return the section's result in one line: the lead gap and its two largest parts."""
    pair = lead_pair(results)
    found = gaps(results, pair) if pair else []
    truths = [gap for gap in found if gap.method == TRUTH] or found
    return _short(truths[0], noun_of(results)) if truths else ""


def gap_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a rater: the truth where there is one, then what estimators say."""
    pair = lead_pair(results)
    if pair is None:
        return []
    noun = noun_of(results)
    return [*_lead_paragraphs(results, pair, noun), *_other_features(results, pair, noun)]


def _other_features(results: StudyResults, pair: GroupPair, noun: str) -> list[Paragraph]:
    """Say the widest gap of every other feature at the first rater."""
    first = next((found for kind in GAP_KINDS for found in results.of_kind(kind)), None)
    if first is None:
        return []
    widest: dict[str, Gap] = {}
    for other in all_pairs(results):
        if other.sensitive == pair.sensitive:
            continue
        found = [gap for gap in gaps(results, other) if gap.rater is first[0]]
        chosen = ([gap for gap in found if gap.method == TRUTH] or found)[:1]
        for gap in chosen:
            known = widest.get(other.sensitive)
            if known is None or _size(gap) > _size(known):
                widest[other.sensitive] = gap
    said = " ".join(carried_sentence(gap, noun, most=2) for gap in widest.values())
    lead = f"Other features, {first[0].name}." if first[0] else "Other features."
    return [Paragraph(lead=lead, text=said)] if said else []


def _size(gap: Gap) -> float:
    return abs(gap.whole.estimate) if gap.whole is not None else 0.0


def _lead_paragraphs(results: StudyResults, pair: GroupPair, noun: str) -> list[Paragraph]:
    by_rater = dict[str, list[Gap]]()
    for gap in gaps(results, pair):
        by_rater.setdefault(gap.rater.name if gap.rater else "", []).append(gap)
    paragraphs = []
    for place, (name, members) in enumerate(by_rater.items()):
        truth = next((gap for gap in members if gap.method == TRUTH), None)
        others = [gap for gap in members if gap is not truth]
        if truth is not None:
            said = _alone(truth, noun, first=place == 0)
            said += [miss_sentence(gap, truth) for gap in others]
        else:
            said = [
                each
                for number, gap in enumerate(others)
                for each in _alone(gap, noun, first=place == 0 and number == 0)
            ]
            said.append("This says what the model is given, not what would change if people did.")
        paragraphs.append(Paragraph(lead=sentence(name), text=" ".join(filter(None, said))))
    return paragraphs


def _brief(part: Amount, whole: Amount) -> str:
    """Write a part without its interval, with the digits of the whole where they suffice."""
    text = show(part.estimate, whole.decimals())
    return text if any(digit in "123456789" for digit in text) else part.figure()


def _alone(gap: Gap, noun: str, *, first: bool) -> list[str]:
    named = "" if gap.method == TRUTH else f"By {method_name(gap.method)}: "
    said = carried_sentence(gap, noun, named=True, first=first)
    said = f"{named}{said[0].lower()}{said[1:]}" if named and said else said
    return [said, together_sentence(gap), against_sentence(gap)]


def together(gap: Gap) -> Amount | None:
    """Return what friends and address carry together, where the factors are those of S1.

    The interval of the sum adds the ends of both, so it is never too narrow.
    """
    parts, whole = dict(gap.parts()), gap.whole
    found = [parts[name] for name in TOGETHER if name in parts]
    if len(found) < 2 or whole is None or whole.side() == "unclear":
        return None
    return Amount(*(sum(getattr(part, end) for part in found) for end in _ENDS))


def together_sentence(gap: Gap) -> str:
    """Say what friends and address carry together, and which share of the gap that is."""
    total, whole = together(gap), gap.whole
    if total is None or whole is None:
        return ""
    if total.side() == "unclear":
        return sentence(
            f"what {TOGETHER_NAMED} carry together, {total.text()}, is {doubt(total, none='none')}"
        )
    if total.side() == "below":
        return sentence(f"{TOGETHER_NAMED} together work the other way, by {total.size().text()}")
    share = percent(total.estimate / abs(whole.estimate))
    return sentence(f"{TOGETHER_NAMED} together carry {total.text()}, which is {share} of the gap")


def _short(gap: Gap, noun: str) -> str:
    """Say the gap and its two largest parts without intervals; the text below has them."""
    whole = gap.whole
    group, reference = gap.pair.people(noun)
    if whole is None or whole.side() == "unclear":
        return f"No gap can be told between {group} and {reference}." if whole else ""
    parts = [item for item in gap.parts() if item[1].side() == "above"][:2]
    verb = "come through" if gap.method == TRUTH else "are attributed to"
    size = whole.size().figure(gap.unit)
    direction = "below" if whole.estimate < 0 else "above"
    said = f"Of the {size} {gap.unit} that {group} stand {direction} {reference}"
    if not parts:
        return f"{said}, none can be told to come from any one factor."
    return f"{said}, {_through(parts, verb, whole=whole)}."


def _through(parts: list[tuple[str, Amount]], verb: str, *, whole: Amount | None = None) -> str:
    """List how much comes through which factor, the verb once and its preposition each time."""
    again = verb.split()[-1]
    return listed(
        [
            f"{_brief(part, whole) if whole else part.text()} {verb if place == 0 else again} "
            f"{factor_name(name)}"
            for place, (name, part) in enumerate(parts)
        ]
    )


def carried_sentence(
    gap: Gap, noun: str, *, most: int = 5, named: bool = False, first: bool = False
) -> str:
    """Say how large a gap is and what it comes through; only the truth "comes through"."""
    whole = gap.whole
    if whole is None:
        return ""
    group, reference = gap.pair.people(noun)
    text = with_level(whole.size().text(gap.unit), level(gap.finding) if first else None)
    at = f"On {score_of(gap.rater)}, " if named and gap.rater else ""
    if whole.side() == "unclear":
        what = f"{at}the gap between {group} and {reference} is {text}, {doubt(whole)}."
        return sentence(what)
    direction = "below" if whole.estimate < 0 else "above"
    twins = "their own twins as " if gap.method == TRUTH else ""
    what = f"{at}{group} stand {text} {direction} {twins}{reference}"
    carried = [item for item in gap.parts() if item[1].side() == "above"][:most]
    if not carried:
        return sentence(f"{what}; no single factor's part can be told from zero.")
    verb = "come through" if gap.method == TRUTH else "are attributed to"
    return sentence(f"{what}: of these, {_through(carried, verb)}")


def against_sentence(gap: Gap) -> str:
    """Say which factors work against the gap, and which cannot be told from zero."""
    whole = gap.whole
    if whole is None or whole.side() == "unclear":
        return ""
    said = []
    against = [(name, part.size()) for name, part in gap.parts() if part.side() == "below"]
    for name, part in against:
        words = factor_name(name)
        verb = "work" if plural(words) else "works"
        said.append(f"{sentence(words, stop='')} {verb} the other way, by {part.text()}.")
    unclear = [factor_name(name) for name, part in gap.parts() if part.side() == "unclear"]
    if unclear:
        verb = "has a part" if len(unclear) == 1 else "have parts"
        said.append(f"{sentence(listed(unclear), stop='')} {verb} compatible with zero.")
    return " ".join(said)


def miss_sentence(gap: Gap, truth: Gap) -> str:
    """Hold an estimator against the truth: factor by factor, and its largest miss."""
    true = dict(truth.parts())
    misses = [
        (name, part, true[name], part.estimate - true[name].estimate)
        for name, part in gap.parts()
        if name in true
    ]
    if not misses or gap.whole is None:
        return ""
    worst = max(misses, key=lambda item: abs(item[3]))
    size = show(abs(worst[3]), worst[1].decimals())
    side = "too much" if worst[3] > 0 else "too little"
    miss = f"its largest miss is {size} {gap.unit} {side}, at {factor_name(worst[0])}"
    if not any(digit in "123456789" for digit in size):
        miss = "no miss is as large as the last digit shown"
    inside = sum(part.low <= real.estimate <= part.high for _, part, real, _ in misses)
    how_many = f"{spelled(inside) if inside else 'none'} of {spelled(len(misses))}"
    if inside == len(misses) > 1:
        how_many = "both" if inside == 2 else f"all {spelled(inside)}"
    return (
        f"Without the truth, {method_name(gap.method)} finds a gap of "
        f"{gap.whole.size().text(gap.unit)} and takes it apart: its intervals hold the truth for "
        f"{how_many} factor{'s' * (len(misses) > 1)}, and {miss}."
    )
