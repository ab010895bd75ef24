"""Which errors befall whom, who looks, and what a contest costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from credit_ml.core import InputError, need_known
from credit_ml.governance.due_process.checked import checked_names, checked_times
from credit_ml.governance.due_process.contest import Contest
from credit_ml.governance.due_process.entries import KINDS
from credit_ml.governance.due_process.finding import RULES
from credit_ml.governance.number import is_number
from credit_ml.inference import checked_societies
from credit_ml.society import STREAMS


@dataclass(frozen=True, kw_only=True)
class DueProcessOptions:
    """Which errors befall whom, who looks, and what a contest costs.

    Examples
    --------
    >>> DueProcessOptions(rates={"orders": 0.02}).rates["orders"]
    0.02
    """

    rules: tuple[str, ...] = tuple(RULES)
    rates: Mapping[str, float] = field(
        default_factory=lambda: {name: each["rate"] for name, each in KINDS.items()}
    )
    """Chance of a wrong entry by kind; kinds left out are not planted."""
    times: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """How many times as often it befalls a group, by feature."""
    streams: tuple[str, ...] = ()
    """Streams that may hold wrong entries; all by default."""
    attention: float = 0.5
    """Chance that somebody reads what is told; assumed."""
    alarm: float = 0.05
    """Share of right scores that surprise their owners enough to doubt the records; assumed."""
    place: float = 0.02
    """What the first place by the score is worth more than the last beside what is granted, shares
    of a year's income; assumed."""
    contest: Contest = field(default_factory=Contest)
    societies: int = 0
    """Whose mean is told, with intervals over them; 0 is the one at hand."""

    def __post_init__(self) -> None:
        for name, known in (("rules", RULES), ("streams", STREAMS)):
            object.__setattr__(
                self, name, checked_names(f"due process, {name}", getattr(self, name), known)
            )
        for name in ("rules", "rates"):
            InputError.unless(getattr(self, name), f"due process, {name}", "are empty", "name one")
        for kind in self.rates:
            need_known(InputError, "due process, rates", kind, KINDS)
        shares = {"attention": self.attention, "alarm": self.alarm, "place": self.place}
        for name, value in {**shares, **self.rates}.items():
            usable = is_number(value) and 0 <= value <= 1
            place, remedy = f"due process, {name}", "give a number from 0 to 1"
            InputError.unless(usable, place, f"is {value!r}", remedy)
        checked_times("due process, times", self.times)
        problem, remedy = f"is {self.contest!r}", "give a Contest"
        InputError.unless(
            isinstance(self.contest, Contest), "due process, contest", problem, remedy
        )
        if self.societies or isinstance(self.societies, bool):
            checked_societies(self.societies)
