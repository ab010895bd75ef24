"""Sentences on what carries a gap: the truth where it is known, beside what estimators say."""

from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.names import factor_name, method_name, plural, sentence
from credit_ml.reports.numbers import Measured, listed, percent, show, spelled
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.presented import FACTORS
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
NOT_FACTORS = ("(gap)", "(folds)", "(unexplained)")
#: Factors that say whom one knows and where one lives.
TOGETHER = (FACTORS["relationships"], FACTORS["personal"])
_ENDS = ("estimate", "low", "high")


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
    """Return one paragraph a rater: the truth where there is one, then what estimators say."""
    pair = lead_pair(results)
    if pair is None:
        return []
    noun, by_rater = noun_of(results), dict[str, list[Gap]]()
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


def _alone(gap: Gap, noun: str, *, first: bool) -> list[str]:
    named = "" if gap.method == TRUTH else f"By {method_name(gap.method)}: "
    said = carried_sentence(gap, noun, named=True, first=first)
    said = f"{named}{said[0].lower()}{said[1:]}" if named and said else said
    return [said, together_sentence(gap), against_sentence(gap)]


def together_sentence(gap: Gap) -> str:
    """Say what friends and address carry together, where the factors are those of S1.

    The interval of the sum adds the ends of both, so it is never too narrow.
    """
    parts, whole = dict(gap.parts()), gap.whole
    found = [parts[name] for name in TOGETHER if name in parts]
    if len(found) < 2 or whole is None or whole.side() == "unclear":
        return ""
    total = Measured(*(sum(getattr(part, end) for part in found) for end in _ENDS))
    named = " together with ".join(factor_name(name) for name in TOGETHER)
    share = percent(total.estimate / abs(whole.estimate))
    return sentence(f"{named} carry {total.text()}, which is {share} of the gap")


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
    inside = sum(part.low <= real.estimate <= part.high for _, part, real, _ in misses)
    how_many = "all" if inside == len(misses) else f"{spelled(inside) if inside else 'none'} of"
    return (
        f"Without the truth, {method_name(gap.method)} finds a gap of "
        f"{gap.whole.size().text(gap.unit)} and takes it apart: its intervals hold the truth for "
        f"{how_many} {spelled(len(misses))} factor{'s' * (len(misses) > 1)}, and its largest miss "
        f"is {size} {gap.unit} {side}, at {factor_name(worst[0])}."
    )
