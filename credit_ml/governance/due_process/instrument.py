"""What studies ask of errors in records: how many, who reads, and what a contest costs."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.governance.due_process.compute import due_process
from credit_ml.governance.due_process.contest import Contest
from credit_ml.governance.due_process.entries import KINDS
from credit_ml.governance.due_process.facts import due_process_tables
from credit_ml.governance.due_process.finding import RULES, DueProcess
from credit_ml.governance.due_process.options import DueProcessOptions


class ContestOption(BaseModel, frozen=True, extra="forbid"):
    """Chances, years and costs of a contest; see `Contest`."""

    success: float = 0.8
    undue: float = 0.05
    delay: float = 0.1
    lasts: float = 2.0
    price: float = 0.2
    effort: float = 0.004


class DueProcessOption(BaseModel, frozen=True, extra="forbid"):
    """Rules, chances of errors by kind and how many times as often by group; see the options."""

    rules: tuple[str, ...] = Field(default=tuple(RULES), min_length=1)
    rates: dict[str, float] = Field(
        default_factory=lambda: {name: each["rate"] for name, each in KINDS.items()}, min_length=1
    )
    times: dict[str, dict[str, float]] = Field(default_factory=dict)
    streams: tuple[str, ...] = ()
    attention: float = 0.5
    alarm: float = 0.05
    place: float = 0.02
    contest: ContestOption = ContestOption()
    societies: int = Field(default=12, ge=8)


def _options(context: Context) -> DueProcessOptions:
    given = dict(context.option)
    contest = Contest(**dict(given.pop("contest")))
    return DueProcessOptions(**given, contest=contest)


def _run(context: Context) -> Iterator[DueProcess]:
    yield due_process(
        context.rater,
        context.society,
        options=_options(context),
        sensitive=list(context.sensitive),
        reference_groups=context.reference_groups,
        intervals=context.intervals,
        seed=context.seed,
    )


DUE_PROCESS = Instrument(
    id="due_process",
    home=__package__,
    findings=(DueProcess,),
    section="due_process",
    section_title="What becomes of errors",
    stage="across",
    by_default=False,
    run=_run,
    option=DueProcessOption,
    check=_options,
    tables=due_process_tables,
)
