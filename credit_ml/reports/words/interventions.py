"""Sentences on what would change a gap: what is taken away, what uses the group, who gains."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount, listed, percent, show
from credit_ml.grammar.phrases import doubt, noun_of, pair_of, with_level
from credit_ml.grammar.rows import fact, level
from credit_ml.reports.words.alternatives import alternatives_sentences
from credit_ml.reports.words.tried import BASELINE, POINTS, TAKEN_AWAY, Tried

NOT_ATTRIBUTIONS = (
    "Each of these says what would happen if something were done. None says what carries the gap, "
    "and what two of them close does not add up."
)


def interventions_headline(results: StudyResults) -> str:
    """Return the section's result in one line: what closes most of the gap, at what cost."""
    tried = _tried(results)
    before = tried.before if tried else None
    if tried is None or before is None:
        return ""
    group, reference = tried.pair.people(noun_of(results))
    if before.side() == "unclear":
        return f"No gap in decisions can be told between {group} and {reference}."
    best = tried.best(tried.names)
    after = tried.gap(best) if best else None
    if best is None or after is None:
        return (
            f"No intervention tried can be told to close the gap in decisions between {group} and "
            f"{reference}."
        )
    cost = tried.auc(best)
    said = (
        f"Of the {before.size().figure(POINTS)} {POINTS} by which {group} pass the line "
        f"{_less(before)} often than {reference}, '{tried.title(best)}' leaves "
        f"{'none that can be told' if after.side() == 'unclear' else after.size().figure(POINTS)}"
    )
    return f"{said}; {_cost(tried, best, cost, brief=True)}." if cost else f"{said}."


def interventions_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return what was tried, what each kind of intervention does, and the alternative."""
    tried, noun = _tried(results), noun_of(results)
    said: list[tuple[str, str]] = []
    if tried is not None:
        away = [name for name in tried.names if name.startswith(TAKEN_AWAY)]
        rest = [name for name in tried.names if name not in away]
        said = [
            ("", _setting(tried, noun)),
            ("Taking proxies away.", _taken_away(tried, away)),
            ("Using the group.", _using(tried, rest)),
            ("Who gains, who loses.", _turned(tried, noun)),
        ]
    said.append(("Another score, as good.", alternatives_sentences(results)))
    if tried is not None:
        said.append(("No attributions.", NOT_ATTRIBUTIONS))
    return [Paragraph(lead=lead, text=text) for lead, text in said if text]


def _setting(tried: Tried, noun: str) -> str:
    before, told = tried.before, tried.finding.parameters
    if before is None:
        return ""
    auc = fact(tried.finding, intervention=BASELINE, measure="auc")
    group, reference = tried.pair.people(noun)
    gap = with_level(before.size().text(POINTS), level(tried.finding))
    said = (
        f"What can be done about the score of {told['rater']} was tried on {show(told['held_out'])}"
        f" {noun} on whom no scorer was trained, {percent(told['share'])} of whom pass the line, "
        f"whatever is done. As it is, {group} pass {_less(before)} often than {reference}, by {gap}"
    )
    if before.side() == "unclear":
        said += f", {doubt(before)}"
    return f"{said}; the AUC is {auc.percent()}." if auc else f"{said}."


def _taken_away(tried: Tried, names: list[str]) -> str:
    """Say what taking records away does to the gap in decisions, in points, and to AUC."""
    before, points = tried.before, tried.points
    closed = {name: moved for name in names if (moved := tried.closed(name))}
    if before is None or not closed:
        return ""
    said = [_moves(tried, "the gap", closed, POINTS)]
    if points is not None:
        in_points = {name: each for name in names if (each := tried.closed_points(name))}
        what = f"the gap in mean scores, {points.size().text(tried.unit)},"
        said.append(_moves(tried, what, in_points, tried.unit))
    costs = {name: cost for name in names if (cost := tried.auc(name))}
    said.append(_moves(tried, "AUC", costs, POINTS, verbs=("rises", "falls")))
    half = before.size().estimate / 2
    most = max(max(each.high, each.estimate) for each in closed.values())
    if before.side() != "unclear" and most < half:
        many = {1: "This does not close", 2: "Neither of these closes"}
        none = many.get(len(closed), "None of these closes")
        said.append(f"{none} half of the gap in decisions.")
    return " ".join(filter(None, said))


def _moves(
    tried: Tried, what: str, moved: dict[str, Amount], unit: str,
    *, verbs: tuple[str, str] = ("closes", "widens"),
) -> str:  # fmt: skip
    """Say under which interventions something moves, by how much, and where none can be told."""
    if not moved:
        return ""
    clear, before = [], ""
    for name, each in moved.items():
        if each.side() != "unclear":
            verb = verbs[0] if each.estimate > 0 else verbs[1]
            said = f"by {each.size().text(unit)} {_with(tried, name)}"
            clear.append(said if verb == before else f"{verb} {said}")
            before = verb
    still = listed([_with(tried, name) for name, each in moved.items()
                    if each.side() == "unclear"], "or")  # fmt: skip
    if not clear:
        return sentence(f"no change of {what.rstrip(',')} can be told {still}")
    told = f"{what} {listed(clear)}"
    return sentence(f"{told}; no change of it can be told {still}" if still else told)


def _using(tried: Tried, names: list[str]) -> str:
    """Name what leaves least of the gap, and what does so and still ranks people."""
    if not names:
        return ""
    still = [
        f"'{tried.title(name)}'"
        for name in names
        if (moved := tried.closed(name)) and moved.side() == "unclear"
    ]
    unmoved = f"No change of the gap can be told under {listed(still, 'or')}." if still else ""
    best = tried.best(names)
    if best is None:
        return unmoved or "Nothing that uses the sensitive feature closes the gap for certain."
    said = [_none_left(tried, names) + _leaves(tried, best)]
    if best.startswith("thresholds_"):
        said.append("It treats equal scores of two groups unequally, which many laws forbid.")
    ranking = tried.best(name for name in names if not tried.decides(name))
    if ranking is not None and ranking != best:
        said.append(f"Of those that still rank people: {_leaves(tried, ranking)}")
    return " ".join(filter(None, [*map(sentence, said), unmoved]))


def _none_left(tried: Tried, names: list[str]) -> str:
    left = [f"'{tried.title(name)}'" for name in tried.leaving_none(names)]
    if len(left) < 2:
        return ""
    every = "Both" if len(left) == 2 else "All"
    return (
        f"{every} of {listed(left)} leave a gap compatible with none. At least cost "
        "(chosen on the people it is measured on, which flatters it a little): "
    )


def _leaves(tried: Tried, name: str) -> str:
    after, closed, cost = tried.gap(name), tried.closed(name), tried.auc(name)
    if after is None or closed is None:
        return ""
    unsure = f", {doubt(after)}" if after.side() == "unclear" else ""
    said = (
        f"under '{tried.title(name)}' the gap is {after.text(POINTS)}{unsure}, less by "
        f"{closed.text(POINTS)}"
    )
    return f"{said}; {_cost(tried, name, cost)}." if cost else f"{said}."


def _turned(tried: Tried, noun: str) -> str:
    """Say whose decisions turn under what leaves least of the gap."""
    best = tried.best(tried.names)
    if best is None:
        return ""
    said = []
    groups = (tried.pair.group, tried.pair.reference)
    for group, people in zip(groups, tried.pair.people(noun), strict=True):
        turned = tried.turned(best, group)
        if turned is None:
            return ""
        gained, lost = turned
        said.append(f"{gained.percent()} of {people} pass who did not, and {lost.percent()} of "
                    "them no longer do")  # fmt: skip
    return f"Under '{tried.title(best)}', {'; '.join(said)}."


def _cost(tried: Tried, name: str, change: Amount, *, brief: bool = False) -> str:
    """Say what an intervention costs in percentage points of AUC."""
    what = "AUC of decisions" if tried.decides(name) else "AUC"
    if change.side() == "unclear":
        return f"no change of {what} can be told{'' if brief else change.bracket(POINTS)}"
    size = change.size()
    shown = f"{size.figure(POINTS)} {POINTS}" if brief else size.text(POINTS)
    return f"it {'loses' if change.estimate < 0 else 'gains'} {shown} of {what}"


def _with(tried: Tried, name: str) -> str:
    title = tried.title(name)
    return title if title.startswith("without ") else f"with {title}"


def _less(gap: Amount) -> str:
    return "less" if gap.estimate < 0 else "more"


def _tried(results: StudyResults) -> Tried | None:
    found: Finding | None
    found = next((finding for _, finding in results.of_kind("interventions")), None)
    return Tried(found, pair_of(found, results)) if found else None
