"""Words of instruments that have no template yet; each goes when its `words.md.j2` comes."""

from collections.abc import Callable

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.blocks import Paragraph, TableView
from credit_ml.reports.tables.friends import friends_table
from credit_ml.reports.tables.interventions import alternatives_table, interventions_tables
from credit_ml.reports.tables.paths import paths_table
from credit_ml.reports.tables.ranking import ranking_tables
from credit_ml.reports.words.friends import friends_headline, friends_paragraphs
from credit_ml.reports.words.interventions import interventions_headline, interventions_paragraphs
from credit_ml.reports.words.leaderboard import leaderboard_headline, leaderboard_paragraphs
from credit_ml.reports.words.paths import paths_headline, paths_paragraphs
from credit_ml.reports.words.proxies import proxies_headline, proxies_paragraphs

#: By instrument: its headline, and its paragraphs.
WORDS: dict[
    str, tuple[Callable[[StudyResults], str], Callable[[StudyResults], list[Paragraph]]]
] = {
    "causal_effects": (paths_headline, paths_paragraphs),
    "interventions": (interventions_headline, interventions_paragraphs),
    "friend_influence": (friends_headline, friends_paragraphs),
    "proxies": (proxies_headline, proxies_paragraphs),
    "leaderboard": (leaderboard_headline, leaderboard_paragraphs),
}
#: By kind of finding.
TABLES: dict[str, Callable[[Finding], tuple[TableView, ...]]] = {
    "leaderboard": ranking_tables,
    "interventions": interventions_tables,
    "alternatives": lambda finding: (alternatives_table(finding),),
    "friend_influence": lambda finding: (friends_table(finding),),
    "causal_effects": lambda finding: (paths_table(finding),),
}
#: What the marks of each kind's figure mean.
CAPTIONS = {
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


def _headline(instrument: str) -> Callable[[StudyResults], str]:
    return lambda results: WORDS[instrument][0](results)


def _told(instrument: str) -> Callable[[StudyResults], str]:
    return lambda results: " ".join(
        f"{each.lead} {each.text}".strip() for each in WORDS[instrument][1](results)
    )


#: By instrument and block: what other parts of the page say of it.
BLOCKS: dict[tuple[str, str], Callable[[StudyResults], str]] = {
    **{(each, "headline"): _headline(each) for each in WORDS},
    **{(each, "paragraphs"): _told(each) for each in WORDS},
}
