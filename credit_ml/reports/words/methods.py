"""What each number means and how it was got, for readers who want to check."""

from credit_ml.reports.content import StudyResults
from credit_ml.reports.numbers import percent, show
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import level, values

#: Estimands and estimators, a paragraph a kind of finding: (lead, text).
_METHODS: dict[str, tuple[str, str]] = {
    "audit": (
        "Selection and errors.",
        "The selection rate of a group is the share of its people who pass the line; the true "
        "positive rate is that share among those who kept their obligations, the false positive "
        "rate among those who did not. A difference is group minus reference group, a ratio group "
        "over reference group; 0 and 1 mean no difference. Four fifths is a rule of thumb for "
        "adverse impact, not a proof of it.",
    ),
    "quality": (
        "Quality of rating.",
        "The AUC is the share of pairs, one keeper and one breaker of obligations, in which the "
        "keeper scores higher: 50 % is chance. The Brier score and the log loss, in the "
        "tables, measure how far the stated probabilities are from what happened: 0 is perfect.",
    ),
    "explanation": (
        "Attributions.",
        "An attribution says how far one feature moved one person's score away from the mean of "
        "a background of other people; a person's attributions and the mean sum to the score. "
        "Importance is the mean of their absolute values; features of a factor are added before "
        "the absolute value is taken.",
    ),
    "disclosure": (
        "Disclosure.",
        "Each person believes what the regime tells, chooses from a menu of actions the one that "
        "is worth most to them after its cost in their own income, and acts. Some actions only "
        "change the record, some change the person's true chance of keeping obligations. The "
        "score stays as it was while people respond. A gap changes by what one group gains more "
        "than the other; the interval of a change is that of the two groups' gains.",
    ),
    "disclosure_sweep": (
        "Regimes of disclosure.",
        "Knowledge is the share of what single actions truly do to scores that people know: 1 "
        "less the squared error of their belief over the squared effect; 0 is to expect nothing. "
        "Who takes an action that leaves the true chance of keeping obligations as it is, games. "
        "Welfare is the worth of what is granted less what was spent, in years of income. The "
        "social burden is the least cost at which one who keeps obligations passes the line. A "
        "robust score leaves out every column that can be moved without improving; a refitted one "
        "is trained again on people who responded to it.",
    ),
    "interventions": (
        "Interventions.",
        "Every scorer is trained on the same people and measured on the same others, and the same "
        "share of all passes whatever is done, so that nobody gains by a line that moved. What "
        "decides without ranking is brought to that share by lot. The interval of a change is that "
        "of the difference for the same people; it holds the chance of who was measured, not that "
        "of training.",
    ),
    "alternatives": (
        "Less discriminatory alternatives.",
        "Some people train every score, others choose the one with the smallest gap among those "
        "that rank about as well as the best, and a third part, who chose nothing, measures it: "
        "the best of many looks better than it is to those who chose it.",
    ),
    "friend_influence": (
        "Friends.",
        "What friends bring is a score less its mean with the friends' records of people drawn at "
        "random, one person at a time. Other friends are drawn for everybody at once, among all "
        "graphs in which everybody has as many friends as before; the rater stays as it was "
        "trained. Where shares of two kinds are added up, so are the ends of their intervals.",
    ),
    "causal_effects": (
        "Paths of a gap.",
        "The direct part is what changes had the group all that lies between as it is; the "
        "indirect part, what changes by that alone; the spurious part, what the groups differ in "
        "before. They sum exactly to the gap.",
    ),
    "consequences": (
        "Consequences.",
        "Privileges and penalties follow from the agency's own thresholds; gaps are group minus "
        "reference group.",
    ),
}

#: What is said beside of a table, which holds no truth.
_ON_FILE = {
    "disclosure": " A table does not tell that chance: decisions are held against the outcome on "
    "file, and which actions improve is the menu's claim.",
}

_CARRIERS: dict[str, str] = {
    "true_carrier": "The truth comes from twins. Every citizen of a group is made again with the "
    "same chance events but as a member of the reference group, while everybody else stays; the "
    "score is then computed with some factors taken from the citizen and the others from the twin, "
    "and a factor's part is its Shapley value over all such mixtures. The parts sum exactly to the "
    "gap between citizens and twins. Where two parts are added up, so are the ends of their "
    "intervals, which is never too narrow.",
    "block_shapley": "Block Shapley sees only the model, the table and the groups: a factor's part "
    "is the difference between the groups' mean Shapley values, with absent factors drawn from the "
    "whole population. The parts sum exactly to the measured gap. It says what the model is given, "
    "not what causes it.",
    "kitagawa_oaxaca_blinder": "The Kitagawa–Oaxaca–Blinder decomposition multiplies each "
    "coefficient of an additive score by the difference of means; for such scores it is exact "
    "arithmetic, and no more causal than the means are.",
}


def methods_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return a paragraph for every method that this report rests on, with its citations."""
    paragraphs = []
    for kind, (lead, text) in _METHODS.items():
        found = [finding for _, finding in results.of_kind(kind)]
        if found:
            cites = tuple(dict.fromkeys(cite for each in found for cite in each.citations))
            text += "" if results.simulated else _ON_FILE.get(kind, "")
            paragraphs.append(Paragraph(lead=lead, text=text, cites=cites))
    paragraphs[2:2] = _carriers(results)
    paragraphs += _intervals(results)
    return paragraphs


def _carriers(results: StudyResults) -> list[Paragraph]:
    found = [
        finding for kind in ("decomposition", "comparison") for _, finding in results.of_kind(kind)
    ]
    used = dict.fromkeys(name for each in found for name in values(each, "method"))
    text = " ".join(_CARRIERS[name] for name in _CARRIERS if name in used)
    cites = tuple(dict.fromkeys(cite for each in found for cite in each.citations))
    return [Paragraph(lead="What carries a gap.", text=text, cites=cites)] if text else []


def _intervals(results: StudyResults) -> list[Paragraph]:
    first = next(iter(results.all_findings()), None)
    if first is None:
        return []
    replicates = _replicates(results)
    text = (
        f"Unless a note says otherwise, brackets hold {percent(level(first))} intervals"
        f"{replicates}. They speak of chance in who was sampled, not of a wrong model. Digits are "
        "shown as far as the interval bears them. Many groups are held against each other here, "
        "without correction: of twenty comparisons with nothing behind them, one is expected to "
        "look like something."
    )
    return [Paragraph(lead="Intervals.", text=text)]


def _replicates(results: StudyResults) -> str:
    for finding in results.all_findings():
        if finding.parameters.get("replicates"):
            drawn = show(float(finding.parameters["replicates"]))
            return f", those of selection and errors from {drawn} bootstrap replicates"
    return ""
