"""Which sections a report has, and what stands in each: words first, then what shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.reports.content import RaterResults, StudyResults
from credit_ml.reports.figures import drawing
from credit_ml.reports.names import sentence
from credit_ml.reports.overview import Forest, selection_forest
from credit_ml.reports.pieces import Exhibit, Paragraph, Section
from credit_ml.reports.tables import tables_of
from credit_ml.reports.words.audit import audit_headline, audit_paragraphs
from credit_ml.reports.words.consequences import consequences_headline, consequences_paragraphs
from credit_ml.reports.words.data import data_headline, data_paragraphs
from credit_ml.reports.words.disclosure import disclosure_headline, disclosure_paragraphs
from credit_ml.reports.words.explanation import explanation_headline, explanation_paragraphs
from credit_ml.reports.words.gap import gap_headline, gap_paragraphs
from credit_ml.reports.words.limits import limits_paragraphs
from credit_ml.reports.words.methods import methods_paragraphs
from credit_ml.reports.words.quality import quality_headline, quality_paragraphs

Words = Callable[[StudyResults], list[Paragraph]]


#: Kinds whose picture holds hardly any text, so that one drawing serves phones as well.
WITHOUT_WORDS = ("portrait",)


#: What the marks of each kind's figure mean.
CAPTIONS = {
    "portrait": "A small city made by the same rules: dots are citizens, lines are ties.",
    "quality": "Dots are groups, with the number of people; lines are intervals; the dashed line "
    "is everybody.",
    "comparison": "Each factor's part of the gap, group less reference group; lines are "
    "intervals; black diamonds are the truth, which only a simulation knows.",
    "decomposition": "Each factor's part of the gap, group less reference group; lines are "
    "intervals.",
    "explanation": "Mean distance by which a feature moves a score, up or down, coloured by "
    "factor; lines are intervals.",
    "consequences": "Dots are groups; lines are intervals; the dashed line is everybody.",
    "audit": "Dots are groups, with the number of people; lines are intervals; the dashed line "
    "is everybody.",
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A section before its study is known."""

    id: str
    title: str
    paragraphs: Words
    headline: Callable[[StudyResults], str] = lambda results: ""
    kinds: tuple[str, ...] = ()
    """Kinds of findings whose figures stand here."""
    needed: bool = True
    """Whether the section is left out when there is no finding of its kinds."""
    overview: Callable[[StudyResults], Forest | None] = lambda results: None
    """A picture across raters that stands before those of each."""


PLANS: tuple[Plan, ...] = (
    Plan(
        id="data",
        title="The people and their raters",
        headline=data_headline,
        paragraphs=data_paragraphs,
        kinds=("portrait",),
        needed=False,
    ),
    Plan(
        id="quality",
        title="How well the raters rate",
        headline=quality_headline,
        paragraphs=quality_paragraphs,
        kinds=("quality",),
    ),
    Plan(
        id="audit",
        title="Who gets what",
        headline=audit_headline,
        paragraphs=audit_paragraphs,
        kinds=("audit",),
        overview=selection_forest,
    ),
    Plan(
        id="gap",
        title="What carries the gap",
        headline=gap_headline,
        paragraphs=gap_paragraphs,
        kinds=("comparison", "decomposition"),
    ),
    Plan(
        id="reasons",
        title="Why a score is what it is",
        headline=explanation_headline,
        paragraphs=explanation_paragraphs,
        kinds=("explanation",),
    ),
    Plan(
        id="disclosure",
        title="What disclosure changes",
        headline=disclosure_headline,
        paragraphs=disclosure_paragraphs,
        kinds=("disclosure",),
    ),
    Plan(
        id="consequences",
        title="What follows for people",
        headline=consequences_headline,
        paragraphs=consequences_paragraphs,
        kinds=("consequences",),
    ),
    Plan(id="methods", title="Methods", paragraphs=methods_paragraphs, needed=False),
    Plan(id="limits", title="Limits", paragraphs=limits_paragraphs, needed=False),
)


def sections(results: StudyResults) -> tuple[Section, ...]:
    """Return the sections that the study's findings can fill, their figures numbered through."""
    found: list[Section] = []
    figures = 0
    for plan in PLANS:
        exhibits = _exhibits(plan, results, figures)
        figures += len(exhibits)
        if plan.needed and not exhibits:
            continue
        paragraphs = tuple(plan.paragraphs(results))
        if paragraphs or exhibits:
            found.append(
                Section(
                    id=plan.id,
                    title=plan.title,
                    finding=plan.headline(results),
                    paragraphs=paragraphs,
                    exhibits=exhibits,
                )
            )
    return tuple(found)


def _exhibits(plan: Plan, results: StudyResults, before: int) -> tuple[Exhibit, ...]:
    shown = [
        (rater, finding)
        for kind in plan.kinds
        for rater, finding in results.of_kind(kind)
        if not _told_already(results, rater, finding)
    ]
    first = shown[0][0] if shown else None
    whole = plan.overview(results)
    exhibits = [_overview(whole, number=before + 1)] if whole else []
    for rater, finding in shown:
        number = before + len(exhibits) + 1
        exhibits.append(_exhibit(rater, finding, number=number, folded=rater is not first))
    return tuple(exhibits)


def _overview(forest: Forest, *, number: int) -> Exhibit:
    caption = f"{sentence(forest.title)} Lines are intervals."
    return Exhibit(
        key=f"figure-{number}",
        label=f"Figure {number}",
        caption=caption,
        alternative=caption,
        drawing=drawing(forest.plot, prefix=f"f{number}"),
        tables=(forest.table(),),
    )


def _told_already(results: StudyResults, rater: RaterResults | None, finding: Finding) -> bool:
    """Whether a comparison of the same rater already holds this decomposition."""
    if finding.kind != "decomposition":
        return False
    name = rater.name if rater else finding.parameters.get("rater")
    return any(
        name == (other.name if other else comparison.parameters.get("rater"))
        and _methods(finding) <= _methods(comparison)
        for other, comparison in results.of_kind("comparison")
    )


def _methods(finding: Finding) -> set[tuple[str, str]]:
    pairs = zip(finding.table["method"], finding.table["sensitive"], strict=True)
    return {(str(method), str(sensitive)) for method, sensitive in pairs}


def _exhibit(rater: RaterResults | None, finding: Finding, *, number: int, folded: bool) -> Exhibit:
    whose = rater.name if rater else ""
    title = f"{finding.title}, {whose}" if whose and whose not in finding.title else finding.title
    caption = f"{sentence(title)} {CAPTIONS.get(finding.kind, '')}".strip()
    return Exhibit(
        key=f"figure-{number}",
        label=f"Figure {number}",
        caption=caption,
        alternative=caption,
        drawing=drawing(
            finding.plot, prefix=f"f{number}", narrow=finding.kind not in WITHOUT_WORDS
        ),
        tables=tables_of(finding),
        cites=finding.citations,
        folded=f"Figure {number}: the same for {whose}" if folded and whose else "",
    )
