"""Sentences on what carries a gap: the truth where it is known, beside what estimators say."""

from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.names import factor_name, method_name, sentence
from credit_ml.reports.numbers import Measured, listed, show
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import fact, level, values
from credit_ml.reports.words.voice import (
    Pair,
    doubt,
    lead_pair,
    noun_of,
    points_unit,
    score_of,
    with_level,
)

TRUTH = "true_carrier"
#: Rows of the table that are not a factor.
NOT_FACTORS = ("(gap)", "(folds)")


@dataclass(frozen=True)
class Gap:
    """One rater's gap between one pair of groups, as one method takes it apart."""

    rater: RaterResults | None
    finding: Finding
    method: str
    pair: Pair

    @property
    def unit(self) -> str:
        """Unit of the gap, as prose writes it."""
        return points_unit(self.finding)

    @property
    def whole(self) -> Measured | None:
        """The gap itself."""
        return self._part("(gap)")

    def parts(self) -> list[tuple[str, Measured]]:
        """Return each factor's part, largest in the direction of the gap first."""
        whole = self.whole
        sign = -1.0 if whole is not None and whole.estimate < 0 else 1.0
        names = values(self.finding, "factor", method=self.method, **self.pair.where())
        found = [(name, self._part(name)) for name in names if name not in NOT_FACTORS]
        known = [(name, part.times(sign)) for name, part in found if part is not None]
        return sorted(known, key=lambda item: -item[1].estimate)

    def _part(self, factor: str) -> Measured | None:
        part = fact(self.finding, method=self.method, factor=factor, **self.pair.where())
        if part is None:
            return None
        return part.times(100) if self.unit == "percentage points" else part


def gaps(results: StudyResults, pair: Pair, method: str | None = None) -> list[Gap]:
    """Return every rater's gap for a pair, each method once (a comparison comes first)."""
    found: dict[tuple[str, str], Gap] = {}
    for kind in ("comparison", "decomposition"):
        for rater, finding in results.of_kind(kind):
            whose = rater.name if rater else str(finding.parameters.get("rater", ""))
            known = next((each for each in results.raters if each.name == whose), rater)
            for name in values(finding, "method", **pair.where()):
                if method in (None, name):
                    found.setdefault((whose, name), Gap(known, finding, name, pair))
    return list(found.values())


def gap_headline(results: StudyResults) -> str:
    """Return the section's result in one line: the lead gap and its two largest parts."""
    pair = lead_pair(results)
    found = gaps(results, pair) if pair else []
    truths = [gap for gap in found if gap.method == TRUTH] or found
    return _short(truths[0], noun_of(results)) if truths else ""


def gap_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return the truth first where there is one, then what estimators make of it."""
    pair = lead_pair(results)
    if pair is None:
        return []
    noun, found = noun_of(results), gaps(results, pair)
    truths = [gap for gap in found if gap.method == TRUTH]
    estimates = [gap for gap in found if gap.method != TRUTH]
    paragraphs = [_truth(gap, noun, first=place == 0) for place, gap in enumerate(truths)]
    paragraphs += [_estimate(gap, truths, noun) for gap in estimates]
    return [paragraph for paragraph in paragraphs if paragraph.text]


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
    return f"{said}, {_through(parts, verb, brief=True)}."


def _through(parts: list[tuple[str, Measured]], verb: str, *, brief: bool = False) -> str:
    """List how much comes through which factor, the verb once and its preposition each time."""
    again = verb.split()[-1]
    return listed(
        [
            f"{part.figure() if brief else part.text()} {verb if place == 0 else again} "
            f"{factor_name(name)}"
            for place, (name, part) in enumerate(parts)
        ]
    )


def _truth(gap: Gap, noun: str, *, first: bool) -> Paragraph:
    said = [carried_sentence(gap, noun, named=True, first=first), against_sentence(gap)]
    name = gap.rater.name if gap.rater else ""
    return Paragraph(lead=sentence(f"truth, {name}"), text=" ".join(filter(None, said)))


def _estimate(gap: Gap, truths: list[Gap], noun: str) -> Paragraph:
    truth = next((true for true in truths if true.rater is gap.rater), None)
    name = gap.rater.name if gap.rater else ""
    lead = sentence(f"{method_name(gap.method)}, {name}".strip(", "))
    if truth is None:
        said = [carried_sentence(gap, noun, named=True, first=not truths), against_sentence(gap)]
        if not truths:
            said.append("This says what the model is given, not what would change if people did.")
    else:
        said = [miss_sentence(gap, truth)]
    return Paragraph(lead=lead, text=" ".join(filter(None, said)))


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
    against = [(name, part) for name, part in gap.parts() if part.side() == "below"]
    if against:
        parts = [f"{factor_name(name)} by {part.size().text()}" for name, part in against]
        verb = "narrows" if len(against) == 1 else "narrow"
        first, *rest = parts
        said.append(f"{sentence(listed([first, *rest]), stop='')} {verb} it.".replace(" by", " by"))
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
    top = [item for item in misses if item[0] in [name for name, _ in truth.parts()[:2]]]
    parts = [
        f"{part.text()} to {factor_name(name)} (truth {real.figure()})"
        for name, part, real, _ in top
    ]
    worst = max(misses, key=lambda item: abs(item[3]))
    size = show(abs(worst[3]), worst[1].decimals())
    side = "too much" if worst[3] > 0 else "too little"
    inside = sum(part.low <= real.estimate <= part.high for _, part, real, _ in misses)
    return (
        f"Without the truth, of a measured gap of {gap.whole.size().text(gap.unit)} it attributes "
        f"{listed(parts)}. Its intervals hold the truth for {inside} of {len(misses)} factors; "
        f"its largest miss is {size} {gap.unit} {side}, at {factor_name(worst[0])}."
    )
