"""Words of instruments that have no template yet; each goes when its `words.md.j2` comes."""

from collections.abc import Callable

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.blocks import Paragraph, TableView
from credit_ml.grammar.phrases import lead_pair, noun_of
from credit_ml.reports.tables.friends import friends_table
from credit_ml.reports.tables.gap import gap_table
from credit_ml.reports.tables.interventions import alternatives_table, interventions_tables
from credit_ml.reports.tables.paths import paths_table
from credit_ml.reports.tables.ranking import ranking_tables
from credit_ml.reports.words.friends import friends_headline, friends_paragraphs
from credit_ml.reports.words.gap import (
    carried_sentence,
    gap_headline,
    gap_paragraphs,
    together_sentence,
)
from credit_ml.reports.words.gaps import TRUTH, gaps
from credit_ml.reports.words.interventions import interventions_headline, interventions_paragraphs
from credit_ml.reports.words.leaderboard import leaderboard_headline, leaderboard_paragraphs
from credit_ml.reports.words.paths import paths_headline, paths_paragraphs
from credit_ml.reports.words.proxies import proxies_headline, proxies_paragraphs

#: By instrument: its headline, and its paragraphs.
WORDS: dict[
    str, tuple[Callable[[StudyResults], str], Callable[[StudyResults], list[Paragraph]]]
] = {
    "comparison": (gap_headline, gap_paragraphs),
    "causal_effects": (paths_headline, paths_paragraphs),
    "interventions": (interventions_headline, interventions_paragraphs),
    "friend_influence": (friends_headline, friends_paragraphs),
    "proxies": (proxies_headline, proxies_paragraphs),
    "leaderboard": (leaderboard_headline, leaderboard_paragraphs),
}
#: By kind of finding.
TABLES: dict[str, Callable[[Finding], tuple[TableView, ...]]] = {
    "decomposition": lambda finding: (gap_table(finding),),
    "comparison": lambda finding: (gap_table(finding),),
    "leaderboard": ranking_tables,
    "interventions": interventions_tables,
    "alternatives": lambda finding: (alternatives_table(finding),),
    "friend_influence": lambda finding: (friends_table(finding),),
    "causal_effects": lambda finding: (paths_table(finding),),
}
#: What the marks of each kind's figure mean.
CAPTIONS = {
    "comparison": "Each factor's part of the gap, group less reference group; lines are intervals.",
    "decomposition": "Each factor's part of the gap, group less reference group; lines are "
    "intervals.",
    "proxies": "How well columns tell the feature (chance is 0.5), and how much the score moves "
    "with them; factors are large, columns small.",
    "leaderboard": "Diamonds are means over worlds with intervals over samples, faint dots are "
    "worlds; blue estimators attribute, orange ones intervene, black says nothing at all.",
    "interventions": "Gaps in decisions, group less reference group, the dashed line as it is; "
    "hollow dots decide and rank nobody. At the right the AUC and what each changes of it (of "
    "decisions, for hollow dots); lines are intervals.",
    "alternatives": "Every dot is a score, on people who had no part in choosing: left and right "
    "its gap, upwards its AUC; lines are intervals.",
    "friend_influence": "By how many points scores would move with as many friends drawn by "
    "chance.",
    "causal_effects": "Parts of the gap, group less reference group, the whole below; lines are "
    "intervals.",
}

#: Estimands and estimators, a paragraph a kind of finding: (lead, text).
METHODS: dict[str, tuple[str, str]] = {
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
}

CARRIERS: dict[str, str] = {
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


def _carried(results: StudyResults) -> str:
    pair = lead_pair(results)
    found = gaps(results, pair) if pair else []
    chosen = [gap for gap in found if gap.method == TRUTH] or found
    if not chosen:
        return ""
    said = carried_sentence(chosen[0], noun_of(results), most=3, named=True)
    together = together_sentence(chosen[0])
    return f"{said} {together}".strip()


def _headline(instrument: str) -> Callable[[StudyResults], str]:
    return lambda results: WORDS[instrument][0](results)


def _told(instrument: str) -> Callable[[StudyResults], str]:
    return lambda results: " ".join(
        f"{each.lead} {each.text}".strip() for each in WORDS[instrument][1](results)
    )


#: By instrument and block: what other parts of the page say of it.
BLOCKS: dict[tuple[str, str], Callable[[StudyResults], str]] = {
    ("comparison", "abstract"): _carried,
    **{(each, "headline"): _headline(each) for each in WORDS},
    **{(each, "paragraphs"): _told(each) for each in WORDS},
}
