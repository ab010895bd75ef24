"""Guilt by association: what of one's score is the friends' doing, and whose friends cost them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import InputError, Streams, beside, conform, known_names
from credit_ml.core.progress import followed
from credit_ml.core.renamed import grouped_keywords, renamed_keywords
from credit_ml.inference import Over, People, checked_level, comparisons_of
from credit_ml.proxies.decomposition.components import OF_OTHERS
from credit_ml.proxies.friends.finding import FriendInfluence
from credit_ml.proxies.friends.measures import Groups, of_changes, of_graph, of_people, row_of
from credit_ml.proxies.friends.rewiring import rewired, with_ties
from credit_ml.proxies.friends.scores import Leaning, lent_friends, without_likeness
from credit_ml.proxies.measured import Fact
from credit_ml.proxies.thresholds import threshold_of
from credit_ml.society import Society

#: Options that the finding states.
_TOLD = ("feedback", "low", "keeping", "draws", "lenders")


@dataclass(frozen=True, kw_only=True)
class FriendOptions:
    """What `friend_influence` draws, and whether scores lean on friends' scores.

    Examples
    --------
    >>> FriendOptions(feedback=0.3, truth=False).draws
    3
    """

    feedback: float = 0.0
    """Strength with which scores lean on friends' scores, as in `friend_feedback`: 0 to below 1."""
    keeping: str | None = None
    """Column of `society.people`, such as ``city``: rewiring keeps how many friends one has in
    each."""
    draws: int = 3
    """Rewired graphs."""
    lenders: int = 5
    """Random persons who lend everybody their friends' columns."""
    low: float = 0.2
    """Share of people whose scores are called low."""
    truth: bool = True
    """Whether to simulate the world without likeness."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("draws", "lenders"):
            number = getattr(self, name)
            InputError.unless(number >= 1, name, f"is {number}", "give at least 1")
        remedy = "give a share between 0 and 1"
        InputError.unless(0 < self.low < 1, "low", f"is {self.low:g}", remedy)


@renamed_keywords(reference_group="reference_groups", privilege="threshold")
@grouped_keywords("options", FriendOptions, *(each.name for each in fields(FriendOptions)))
def friend_influence(
    rater: Rater,
    society: Society,
    *,
    sensitive: str,
    reference_groups: str | Mapping[str, str] | None = None,
    threshold: float | str | None = None,
    options: FriendOptions | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> FriendInfluence:
    """How much of a score is the friends' doing, and what other friends would change.

    Only what friends did counts (`FRIENDS_COLUMNS`, and their scores under feedback); how many
    friends one has is one's own doing and stays. Four answers, 0 each where friends do nothing:

    - from_friends: ``s_i - E_r[s_i with the friends' columns of r]``, r a person drawn at random,
      one person changed at a time: "mean" is signed, "size" its mean absolute value.
    - other_friends: ``s_i with as many friends drawn by chance - s_i``, for everybody at once
      (`rewired`): mean, size, quantiles, and the shares whose decision at the threshold flips
      ("gained", "lost"). "gap" is what it does to the gap: positive closes a gap against the group.
    - graph: "assortativity" of scores over ties; "circle_share", the share of the variance of
      scores between circles of friends; "low_friends", the share of a group's ties that lead to
      the lowest scores. Each also "by chance", of the same scores on rewired ties.
    - truth: the same citizens and chance, simulated again in the world whose slots all pick anybody
      in the city, instead of choosing by place, work or likeness; the rater stays. Households and
      ties to other cities stay too, so that numbers of friends move a little.

    In every world a citizen's outcome depends on no friend: whatever friends show is a sign of the
    citizen's own trust and circumstances, never a cause.

    Cost: one scoring of everybody for each lender and each draw, 5 tries a tie for each draw, some
    passes over ties; with the truth one simulation.

    Parameters
    ----------
    rater : Rater
        Fitted; any kind of scorer.
    society : Society
    sensitive : str
    reference_groups : str or mapping of str to str, optional
        The most numerous by default.
    threshold : float or str, optional
        Of decisions: points, or the name of a privilege, the agency's first one by default;
        without any, nothing is said of decisions.
    options : FriendOptions, optional
        Whether scores lean on friends' scores, and what is drawn how often.
    intervals : float
        Level. For the graph, jackknife over at most 100 groups of people or of clusters;
        quantiles by Woodruff.
    over : {"auto", "people", "clusters"}
        As in `decompose`: over clusters, what friends bring in points has no interval from one
        table, for friends elsewhere carry the chance of their districts into it (sizes were held in
        60 to 95 % of simulated societies, means in all). `credit_ml.inference.resample_societies`
        gives it one.

    Returns
    -------
    FriendInfluence

    Raises
    ------
    TableError, AgencyError, InputError, ModelError
        When the feature, threshold, column, number or strength cannot be used.

    References
    ----------
    See `FriendInfluence.citations`.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=3).simulate()
    >>> rater = load_agency("council").fit(society)  # reads nobody's friends
    >>> options = FriendOptions(truth=False)
    >>> found = friend_influence(rater, society, sensitive="hukou", options=options)
    >>> bool((found.table.query("part == 'other_friends'")["estimate"] == 0).all())
    True
    """
    checked_level(intervals)
    options = options or FriendOptions()
    if options.keeping is not None:
        columns, problem = [*map(str, society.people)], f"is '{options.keeping}'"
        remedy = known_names(options.keeping, columns)
        InputError.unless(options.keeping in columns, "keeping", problem, remedy)
    dataset = rater.agency.view(society)
    compared = list(comparisons_of(dataset, sensitive, reference_groups, needed=True))
    groups = Groups(people=People.of(dataset, over=over), compared=compared)
    decided = threshold is not None or rater.agency.privileges
    points = threshold_of(rater.agency, threshold) if decided else None
    facts = _facts(rater, society, groups, points, options)
    rows = [
        row_of(part, _sure(part, each), intervals)
        for part, found in facts.items()
        for each in found
    ]
    asked = {"rater": rater.name, "sensitive": sensitive, "unit": "points", "threshold": points}
    asked |= {name: getattr(options, name) for name in _TOLD}
    sizes = {"citizens": len(society), "ties": int(society.ties.nnz // 2)}
    words = beside(__file__)
    notes = [*words["notes"], *([words["truth"]] if options.truth else [])]
    if options.feedback:
        notes.append(words["feedback"].format(feedback=options.feedback))
    return FriendInfluence(
        table=conform(rows),
        title=f"Guilt by association: {rater.name}",
        parameters={
            **asked,
            **sizes,
            "intervals": intervals,
            "intervals_over": groups.people.counted,
        },
        seed=options.seed,
        notes=tuple(notes),
    )


def _sure(part: str, fact: Fact) -> Fact:
    """The same fact, without an interval over clusters where what friends carry decides it."""
    estimate = fact.estimate
    carried = part not in ("score", "graph") and fact.measure in ("mean", "size", "gap")
    if carried and estimate.over == "clusters" and bool(estimate.variance > 0):
        return fact._replace(estimate=estimate.unsure(OF_OTHERS))
    return fact


def _facts(
    rater: Rater, society: Society, groups: Groups, threshold: float | None, options: FriendOptions
) -> dict[str, Iterator[Fact]]:
    """What is measured, by part of the table."""
    leaning, keeping = Leaning(rater=rater, feedback=options.feedback), options.keeping
    within = None if keeping is None else pd.factorize(society.people[keeping])[0]
    own, streams = leaning.points(society), Streams(options.seed)
    known = rater.agency.view(society).context["known"].to_numpy()
    lent = lent_friends(leaning, society, own, known, options.lenders, streams)
    ties, changes = society.ties, []
    for number in followed(range(options.draws), "other friends"):
        ties = rewired(ties, seed=streams.seed_for("proxies.rewire", number), within=within)
        changes.append(leaning.points(with_ties(society, ties)) - own)
    graphs = {"": society.ties, " by chance": ties}
    facts: dict[str, Iterator[Fact]] = {
        "score": (fact for fact in of_people(own, groups) if fact.measure != "size"),
        "from_friends": of_people(lent, groups),
        "other_friends": of_changes(own, np.array(changes), threshold, groups),
        "graph": of_graph(graphs, own, options.low, groups, options.seed),
    }
    if options.truth:
        moved = leaning.points(without_likeness(society.world).simulate()) - own
        facts["truth"] = of_changes(own, moved[None], threshold, groups)
    return facts
