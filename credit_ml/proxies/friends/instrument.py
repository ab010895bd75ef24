"""What friends do to the first rater's scores."""

from collections.abc import Mapping

from pydantic import BaseModel, Field

from credit_ml.core import Context, Finding, Instrument
from credit_ml.proxies.friends.facts import friends_table
from credit_ml.proxies.friends.finding import FriendInfluence
from credit_ml.proxies.friends.influence import FriendOptions, friend_influence


class FriendsOption(BaseModel, frozen=True, extra="forbid"):
    """What friends do to the first rater's scores."""

    draws: int = Field(default=3, ge=1)
    """Times that everybody gets other friends."""
    feedback: float = Field(default=0.0, ge=0, lt=1)
    """Strength with which scores lean on friends' scores."""


def _influence(context: Context) -> Mapping[str, Finding]:
    lead = context.followed
    found = friend_influence(
        context.rater,
        context.society,
        sensitive=lead.sensitive,
        reference_groups=lead.reference_group,
        threshold=None if context.rater.agency.privileges else context.threshold,
        options=FriendOptions(**context.option.model_dump(), seed=context.seed),
        intervals=context.intervals,
        over=context.over,
    )
    return {"friends": found}


FRIENDS = Instrument(
    id="friend_influence",
    home=__package__,
    findings=(FriendInfluence,),
    section="friends",
    stage="across",
    run=lambda context: context.estimates.values(),
    estimate=_influence,
    option=FriendsOption,
    key="friends",
    tables=lambda finding: [friends_table(finding)],
    by_default=False,
)
