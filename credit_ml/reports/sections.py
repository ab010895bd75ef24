"""Which sections a report has, and what stands in each: words first, then what shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from credit_ml.reports.content import StudyResults
from credit_ml.reports.exhibits import (
    Drafts,
    by_rater,
    gap_drafts,
    numbered,
    side_by_side,
    tabled,
    together,
)
from credit_ml.reports.overview import selection_forest
from credit_ml.reports.pieces import Paragraph, Section
from credit_ml.reports.words.agreement import agreement_headline, agreement_paragraphs
from credit_ml.reports.words.audit import audit_headline, audit_paragraphs
from credit_ml.reports.words.consequences import consequences_headline, consequences_paragraphs
from credit_ml.reports.words.contagion import contagion_paragraphs
from credit_ml.reports.words.data import data_headline, data_paragraphs
from credit_ml.reports.words.disclosure import disclosure_headline, disclosure_paragraphs
from credit_ml.reports.words.explanation import explanation_headline, explanation_paragraphs
from credit_ml.reports.words.friends import friends_headline, friends_paragraphs
from credit_ml.reports.words.gap import gap_headline, gap_paragraphs
from credit_ml.reports.words.interpretability import (
    interpretability_headline,
    interpretability_paragraphs,
)
from credit_ml.reports.words.interventions import interventions_headline, interventions_paragraphs
from credit_ml.reports.words.leaderboard import leaderboard_headline, leaderboard_paragraphs
from credit_ml.reports.words.limits import limits_paragraphs
from credit_ml.reports.words.methods import methods_paragraphs
from credit_ml.reports.words.paths import paths_headline, paths_paragraphs
from credit_ml.reports.words.proxies import proxies_headline, proxies_paragraphs
from credit_ml.reports.words.quality import quality_headline, quality_paragraphs
from credit_ml.reports.words.sweep import sweep_headline, sweep_paragraphs

Words = Callable[[StudyResults], list[Paragraph]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A section before its study is known."""

    id: str
    title: str
    paragraphs: Words
    headline: Callable[[StudyResults], str] = lambda results: ""
    drafts: Drafts = lambda results: []
    """What is shown below the words."""
    needs_exhibits: bool = True
    """Whether the section is left out when there is nothing to show."""


PLANS: tuple[Plan, ...] = (
    Plan(
        id="data",
        title="The people and their raters",
        headline=data_headline,
        paragraphs=data_paragraphs,
        drafts=by_rater("portrait"),
        needs_exhibits=False,
    ),
    Plan(
        id="quality",
        title="How well the raters rate",
        headline=quality_headline,
        paragraphs=quality_paragraphs,
        drafts=by_rater("quality", "calibration"),
    ),
    Plan(
        id="audit",
        title="Who gets what",
        headline=audit_headline,
        paragraphs=audit_paragraphs,
        drafts=side_by_side(selection_forest, by_rater("audit")),
    ),
    Plan(
        id="gap",
        title="What carries the gap",
        headline=gap_headline,
        paragraphs=gap_paragraphs,
        drafts=gap_drafts,
    ),
    Plan(
        id="paths",
        title="Through which path",
        headline=paths_headline,
        paragraphs=paths_paragraphs,
        drafts=by_rater("causal_effects"),
    ),
    Plan(
        id="change",
        title="What would change it",
        headline=interventions_headline,
        paragraphs=interventions_paragraphs,
        drafts=by_rater("interventions", "alternatives"),
    ),
    Plan(
        id="friends",
        title="Friends",
        headline=friends_headline,
        paragraphs=lambda results: [*friends_paragraphs(results), *contagion_paragraphs(results)],
        drafts=by_rater("friend_influence", "contagion"),
    ),
    Plan(
        id="reasons",
        title="Why a score is what it is",
        headline=explanation_headline,
        paragraphs=explanation_paragraphs,
        drafts=by_rater("explanation"),
    ),
    Plan(
        id="disclosure",
        title="What disclosure changes",
        headline=disclosure_headline,
        paragraphs=disclosure_paragraphs,
        drafts=together("disclosure_comparison", then=by_rater("disclosure")),
    ),
    Plan(
        id="secrecy",
        title="What secrecy buys",
        headline=sweep_headline,
        paragraphs=sweep_paragraphs,
        drafts=by_rater("disclosure_sweep"),
    ),
    Plan(
        id="consequences",
        title="What follows for people",
        headline=consequences_headline,
        paragraphs=consequences_paragraphs,
        drafts=by_rater("consequences"),
    ),
    Plan(
        id="proxies",
        title="What tells who one is",
        headline=proxies_headline,
        paragraphs=proxies_paragraphs,
        drafts=by_rater("proxies", "proxy_clusters", "linear_proxy", "proxy_discrimination"),
    ),
    Plan(
        id="leaderboard",
        title="Which estimator to believe",
        headline=leaderboard_headline,
        paragraphs=leaderboard_paragraphs,
        drafts=by_rater("leaderboard"),
    ),
    Plan(
        id="raters",
        title="Many raters, one person",
        headline=agreement_headline,
        paragraphs=agreement_paragraphs,
        drafts=tabled("opposite_case", then=by_rater("agreement", "sample_selection")),
    ),
    Plan(
        id="readable",
        title="What a readable score costs",
        headline=interpretability_headline,
        paragraphs=interpretability_paragraphs,
        drafts=by_rater("interpretability"),
    ),
    Plan(id="methods", title="Methods", paragraphs=methods_paragraphs, needs_exhibits=False),
    Plan(id="limits", title="Limits", paragraphs=limits_paragraphs, needs_exhibits=False),
)


def sections(results: StudyResults) -> tuple[Section, ...]:
    """Return the sections that the study's findings can fill, their exhibits numbered through."""
    found: list[Section] = []
    figures = tables = 0
    for plan in PLANS:
        drafts = plan.drafts(results)
        if plan.needs_exhibits and not drafts:
            continue
        paragraphs = tuple(plan.paragraphs(results))
        if not paragraphs and not drafts:
            continue
        exhibits = numbered(drafts, figures=figures, tables=tables)
        figures += sum(exhibit.drawing is not None for exhibit in exhibits)
        tables += sum(exhibit.drawing is None for exhibit in exhibits)
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
