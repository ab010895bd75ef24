"""The report in a few sentences: who was rated, who pays, through what, and what telling does."""

from credit_ml.core.results import StudyResults
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import count, listed, spelled
from credit_ml.grammar.phrases import lead_pair, noun_of
from credit_ml.reports.verdict import Checked
from credit_ml.reports.words.audit import (
    line_of,
    others_sentence,
    ratio_sentence,
    shut_out_sentence,
)
from credit_ml.reports.words.disclosure import disclosure_sentences
from credit_ml.reports.words.friends import friends_headline
from credit_ml.reports.words.gap import carried_sentence, together_sentence
from credit_ml.reports.words.gaps import TRUTH, gaps
from credit_ml.reports.words.interventions import interventions_headline
from credit_ml.reports.words.leaderboard import leaderboard_headline
from credit_ml.reports.words.quality import quality_headline
from credit_ml.reports.words.sweep import sweep_headline


def abstract(results: StudyResults, checks: tuple[Checked, ...] = ()) -> tuple[str, ...]:
    """Return four to seven sentences that answer the study's question with numbers."""
    told = disclosure_sentences(results)
    said = (
        leaderboard_headline(results),
        sweep_headline(results),
        _setting(results),
        "" if told else quality_headline(results),
        _selection(results),
        _carried(results),
        # Where disclosure was measured, what people would have to pay says who is shut out.
        "" if told else _errors(results),
        told,
        interventions_headline(results),
        friends_headline(results),
        _verdict(checks),
    )
    return tuple(each for each in said if each)


def _setting(results: StudyResults) -> str:
    people, raters = results.data.get("people"), len(results.raters)
    if not people:
        return ""
    many = f"{spelled(raters)} {'rater' if raters == 1 else 'raters'}"
    if results.simulated:
        return sentence(
            f"{count(float(people), 'citizen')} of a simulated society, whose causes are known, "
            f"{'were' if people != 1 else 'was'} scored by {many}"
        )
    named = str(results.data.get("name", "table"))
    return sentence(
        f"{count(float(people), 'person', 'people')} in the table '{named}' were scored by {many}"
    )


def _selection(results: StudyResults) -> str:
    pair, first = lead_pair(results), next(results.of_kind("audit"), None)
    if pair is None or first is None:
        return ""
    said = ratio_sentence(first[1], pair, noun_of(results), what=line_of(*first))
    others = "" if results.simulated else others_sentence(first[1], pair)
    return f"{said} {others}".strip()


def _errors(results: StudyResults) -> str:
    pair, first = lead_pair(results), next(results.of_kind("audit"), None)
    if pair is None or first is None:
        return ""
    return shut_out_sentence(first[1], pair, noun_of(results))


def _carried(results: StudyResults) -> str:
    pair = lead_pair(results)
    found = gaps(results, pair) if pair else []
    chosen = [gap for gap in found if gap.method == TRUTH] or found
    if not chosen:
        return ""
    said = carried_sentence(chosen[0], noun_of(results), most=3, named=True)
    together = together_sentence(chosen[0])
    return f"{said} {together}".strip()


def _verdict(checks: tuple[Checked, ...]) -> str:
    if not checks:
        return ""
    held = sum(each.outcome == "held" for each in checks)
    if held == len(checks):
        every = "both" if held == 2 else f"all {spelled(held)}"
        return sentence("the prediction held" if held == 1 else f"{every} predictions held")
    failed = [each.claim for each in checks if each.outcome == "failed"]
    if failed:
        return sentence(f"the prediction did not hold: not so that {listed(failed)}")
    return f"Of {spelled(len(checks))} predictions {spelled(held)} held; the rest are undecided."
