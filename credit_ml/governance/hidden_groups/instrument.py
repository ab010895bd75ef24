"""What studies ask of audits without groups: from which records they are inferred."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument, StudyError
from credit_ml.governance.hidden_groups.facts import hidden_tables
from credit_ml.governance.hidden_groups.finding import HiddenGroups
from credit_ml.governance.hidden_groups.of_society import (
    PROXIES,
    SurveyOptions,
    audit_without_groups,
    proxy_columns,
)


class HiddenGroupsOption(BaseModel, frozen=True, extra="forbid"):
    """Streams from which the lead's group is inferred, by name, and how finely."""

    proxies: dict[str, tuple[str, ...]] = Field(default=PROXIES, min_length=1)
    surveyed: float = Field(default=0.3, gt=0, lt=1)
    cells: int = Field(default=20, ge=2)
    societies: int = Field(default=12, ge=8)


def _check(context: Context) -> None:
    problem, remedy = "needs the group that is followed", "add the table [lead]"
    StudyError.unless(context.lead is not None, "hidden_groups", problem, remedy)
    proxy_columns(context.agencies[0], context.option.proxies)


def _run(context: Context) -> Iterator[HiddenGroups]:
    option, lead = context.option, context.followed
    rater = context.rater
    granted = rater.agency.privileges
    points = rater.score(rater.agency.view(context.society).X)
    yield audit_without_groups(
        rater,
        context.society,
        sensitive=lead.sensitive,
        group=str(lead.group),
        threshold=granted[0].threshold if granted else float(points.median()),
        survey=SurveyOptions(**dict(option)),
        intervals=context.intervals,
        seed=context.seed,
    )


HIDDEN = Instrument(
    id="hidden_groups",
    home=__package__,
    findings=(HiddenGroups,),
    section="hidden_groups",
    section_title="What an audit without groups gets wrong",
    stage="across",
    by_default=False,
    run=_run,
    option=HiddenGroupsOption,
    check=_check,
    tables=hidden_tables,
)
