"""Guilt by association: what of one's score is the friends' doing, and whose friends cost them."""

from itertools import chain

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import InputError, Streams, known_names
from credit_ml.proxies.decomposition.components import pairs
from credit_ml.proxies.friends.facts import (
    Fact,
    groups_of,
    of_changes,
    of_graph,
    of_people,
    rows_of,
)
from credit_ml.proxies.friends.finding import FriendInfluence
from credit_ml.proxies.friends.scores import Leaning, lent_friends, without_likeness
from credit_ml.proxies.held_out import line_of
from credit_ml.proxies.rewiring import rewired, with_ties
from credit_ml.society import Society


def friend_influence(
    rater: Rater,
    society: Society,
    *,
    sensitive: str,
    privilege: str | None = None,
    threshold: float | None = None,
    reference_group: str | None = None,
    feedback: float = 0.0,
    keeping: str | None = None,
    draws: int = 3,
    lenders: int = 5,
    low: float = 0.2,
    truth: bool = True,
    intervals: float = 0.95,
    seed: int = 0,
) -> FriendInfluence:
    """How much of a score is the friends' doing, and what other friends would change.

    Only what friends did counts (`FRIENDS_COLUMNS`, and their scores under feedback); how many
    friends one has is one's own doing and stays. Four answers, 0 each where friends do nothing:

    - from_friends: ``s_i - E_r[s_i with the friends' columns of r]``, r a person drawn at random,
      one person changed at a time: "mean" is signed, "size" its mean absolute value.
    - other_friends: ``s_i with as many friends drawn by chance - s_i``, for everybody at once
      (`rewired`): mean, size, quantiles, and the shares whose decision at the line flips
      ("gained", "lost"). "gap" is what it does to the gap: positive closes a gap against the group.
    - graph: "assortativity" of scores over ties; "circle_share", the share of the variance of
      scores between circles of friends; "low_friends", the share of a group's ties that lead to
      the lowest scores. Each also "by chance", of the same scores on rewired ties.
    - truth: the same citizens and chance, simulated again in the world whose slots all pick anybody
      in the city, instead of choosing by place, work or likeness; the rater stays. Households and
      ties to other cities stay too, so that numbers of friends move a little.

    In every world a citizen's outcome depends on no friend: whatever friends tell is a sign of the
    citizen's own trust and circumstances, never a cause.

    Cost: `lenders` + `draws` + 2 scorings of everybody, 5 tries a tie for each draw, some passes
    over ties; with `truth` one simulation.

    Parameters
    ----------
    rater : Rater
        Fitted; any kind of scorer.
    society : Society
    sensitive : str
    privilege, threshold
        Line of decisions, as in `intervene`; without any, nothing is said of decisions.
    reference_group : str, optional
        The most numerous by default.
    feedback : float
        Strength with which scores lean on friends' scores, as in `friend_feedback`: 0 to below 1.
    keeping : str, optional
        Column of `society.people`, such as ``city``: rewiring keeps how many friends one has in
        each.
    draws, lenders : int
        Rewired graphs, and random persons who lend everybody their friends' columns.
    low : float
        Share of people whose scores are called low.
    truth : bool
        Whether to simulate the world without likeness.
    intervals : float
        Level. Over citizens, by the dataset's clusters; for the graph, jackknife over at most 100
        groups of them; quantiles by Woodruff.
    seed : int

    Returns
    -------
    FriendInfluence

    Raises
    ------
    TableError, AgencyError, InputError, ModelError
        When the feature, line, column, number or strength cannot be used.

    References
    ----------
    See `FriendInfluence.citations`.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=800, seed=3).simulate()
    >>> rater = load_agency("council").fit(society)  # reads nobody's friends
    >>> found = friend_influence(rater, society, sensitive="hukou", truth=False)
    >>> bool((found.table.query("part == 'other_friends'")["estimate"] == 0).all())
    True
    """
    _check(society, keeping, draws, lenders, low)
    dataset = rater.agency.view(society)
    groups = groups_of(list(pairs(dataset, sensitive, reference_group)), len(dataset))
    line = _line(rater, privilege, threshold)
    leaning = Leaning(rater=rater, feedback=feedback)
    own = leaning.points(society)
    streams, clusters = Streams(seed), dataset.clusters()
    known = dataset.context["known"].to_numpy()
    lent = lent_friends(leaning, society, own, known, lenders, streams)
    ties, changes = society.ties, []
    kept = None if keeping is None else pd.factorize(society.people[keeping])[0]
    for number in range(draws):
        ties = rewired(ties, seed=streams.seed_for("proxies.rewire", number), kept=kept)
        changes.append(leaning.points(with_ties(society, ties)) - own)
    asked = (line, groups, clusters, intervals)
    facts: dict[str, list[Fact]] = {
        "score": [fact for fact in of_people(own, groups) if fact[0] != "size"],
        "from_friends": list(of_people(lent, groups)),
        "other_friends": list(of_changes(own, np.array(changes), *asked)),
        "graph": list(of_graph(society.ties, ties, own, low, groups, clusters, seed)),
    }
    if truth:
        moved = leaning.points(without_likeness(society.world).simulate()) - own
        facts["truth"] = list(of_changes(own, moved[None], *asked))
    rows = chain.from_iterable(
        rows_of(part, found, sensitive, clusters, intervals) for part, found in facts.items()
    )
    return FriendInfluence(
        table=pd.DataFrame(rows),
        title=f"Guilt by association: {rater.name}",
        parameters={
            "rater": rater.name, "unit": "points", "line": line, "feedback": feedback, "low": low,
            "keeping": keeping, "draws": draws, "lenders": lenders, "intervals": intervals,
            "citizens": len(society), "ties": int(society.ties.nnz // 2),
        },
        seed=seed,
        notes=_notes(truth=truth, feedback=feedback),
    )  # fmt: skip


def _line(rater: Rater, privilege: str | None, threshold: float | None) -> float | None:
    if threshold is None and privilege is None and not rater.agency.privileges:
        return None
    return line_of(rater.agency, privilege, threshold)


def _check(society: Society, keeping: str | None, draws: int, lenders: int, low: float) -> None:
    columns = [str(name) for name in society.people.columns]
    if keeping is not None and keeping not in columns:
        raise InputError("keeping", f"is '{keeping}'", known_names(keeping, columns))
    for name, number in (("draws", draws), ("lenders", lenders)):
        if number < 1:
            raise InputError(name, f"is {number}", "give at least 1")
    if not 0 < low < 1:
        raise InputError("low", f"is {low:g}", "give a share between 0 and 1")


def _notes(*, truth: bool, feedback: float) -> tuple[str, ...]:
    notes = [
        "Other friends are as many, drawn uniformly among all graphs in which everybody keeps the "
        "number of friends; the rater is not trained anew.",
        "No citizen's outcome depends on a friend: what friends tell is a sign and never a cause.",
    ]
    if truth:
        notes.append(
            "The truth is the same citizens in the world whose slots pick anybody in the city, "
            "under the same chance."
        )
    if feedback:
        notes.append(f"Scores lean on friends' with strength {feedback:g}, until they settle.")
    return tuple(notes)
