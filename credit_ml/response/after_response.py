"""What a rater sees of everybody once all have acted: friends' records of bystanders too."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency
from credit_ml.core import Dataset
from credit_ml.core.tables.arrays import Mask, Whole
from credit_ml.response.menu import Action
from credit_ml.response.moved_records import moved
from credit_ml.response.tie_moves import REPORTED_STARS, TieMove, TiesMoved, move_ties
from credit_ml.society import Society
from credit_ml.society.ties.friend_records import FRIENDS_TELL, friends_records, friends_table

#: Records that others make: one's own actions move them only through ties.
OF_FRIENDS = ("friends", *FRIENDS_TELL, "friends_judgments")


@dataclass(frozen=True, kw_only=True)
class AfterResponse:
    """A society after everybody has acted, as one agency sees it."""

    X: pd.DataFrame
    """Records of everybody, as the agency sees them."""
    moved: TiesMoved
    """Ties after the social actions."""


def after_all_act(
    society: Society, agency: Agency, actions: tuple[Action, ...], masks: Whole, *, seed: int
) -> AfterResponse:
    """Let everybody do their bundle, and tell friends' records anew.

    A social action with a `TieMove` moves ties, whatever it says of friends' columns, which is
    what people expect of it. Own records move first; then ties; then what friends' records tell,
    of those who did nothing too; and last what was bought of friends' columns. When nobody acts,
    it is the agency's view, exactly.

    Cost: an agency's view, one pass over its people an action, and one over ties.

    Parameters
    ----------
    society : Society
    agency : Agency
    actions : tuple of Action
    masks : ndarray of int, shape (citizens,)
        Bundle of each citizen.
    seed : int
        Of whom the seekers of ties look at.
    """
    records, later = society.records, []
    for number, action in enumerate(actions):
        who = np.where((masks >> number) & 1, 1, 0)
        own, friends = own_and_friends(action)
        records = moved(records, (own,), who) if own else records
        # What a social action says of friends' columns is expected; ties bring what is true.
        later += [(friends, who)] if friends and action.ties is None else []
    tied = move_ties(society, moves_of(actions, masks), seed=seed)
    records = reported_on(records, tied)
    columns = {name: records[name].to_numpy() for name in (*FRIENDS_TELL.values(), "judgments")}
    told = friends_records(tied.ties.indptr, tied.ties.indices, friends_table(columns))
    records = records.assign(**{name: told[name] for name in OF_FRIENDS})
    for action, who in later:
        records = moved(records, (action,), who)
    seen: Dataset = agency.view(replace(society, records=records, ties=tied.ties))
    return AfterResponse(X=seen.X, moved=tied)


def moves_ties(actions: tuple[Action, ...]) -> bool:
    """Whether any action moves ties."""
    return any(action.ties is not None for action in actions)


def moves_of(actions: tuple[Action, ...], masks: Whole) -> dict[TieMove, Mask]:
    """Who makes each move of ties."""
    made: dict[TieMove, Mask] = {}
    for number, action in enumerate(actions):
        if action.ties is not None:
            made[action.ties] = made.get(action.ties, False) | ((masks >> number) & 1 == 1)
    return made


def own_and_friends(action: Action) -> tuple[Action | None, Action | None]:
    """Take an action apart: what it moves of own records, and of friends' columns."""
    own = tuple(each for each in action.changes if each.column not in OF_FRIENDS)
    friends = tuple(each for each in action.changes if each.column in OF_FRIENDS)
    return (
        action.model_copy(update={"changes": own}) if own else None,
        action.model_copy(update={"changes": friends}) if friends else None,
    )


def reported_on(records: pd.DataFrame, tied: TiesMoved) -> pd.DataFrame:
    """Take a star among contacts from everybody who was reported, down to the lowest."""
    if not tied.reported.any():
        return records
    stars = records["contact_stars"].to_numpy()
    # What is missing stays so, and who stands below the lowest is not raised to it.
    lower = np.maximum(stars - REPORTED_STARS * tied.reported, np.minimum(stars, 1.0))
    return records.assign(contact_stars=lower.astype(stars.dtype))
