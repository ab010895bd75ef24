"""Whether what was predicted came true, where a study says so in a form a machine can check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from credit_ml.core import Finding, StudyError, StudyResults, need_known
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import MINUS, Amount
from credit_ml.grammar.rows import fact

Outcome = Literal["held", "failed", "undecided"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A prediction about one row of one finding's table: its interval lies above, below or within.

    Given in a study's ``settings["checks"]`` as a mapping with these keys.

    Examples
    --------
    >>> one = Check(claim="friends carry part", kind="comparison", relation="below",
    ...               where={"method": "true_carrier", "factor": "relationships"})
    >>> one.value
    0.0
    """

    claim: str
    """The prediction in words, as a clause."""
    kind: str
    """Kind of the finding, such as ``"comparison"``."""
    where: Mapping[str, str]
    """Columns and values that pick out exactly one row."""
    relation: Literal["above", "below", "within"]
    value: float = 0.0
    """What the interval is held against, in the table's own unit; "within": how far from 0 both its
    ends lie at most, so that 0 says nothing changes at all."""
    rater: str = ""
    """Name of the rater; empty takes the first finding that has the row."""


@dataclass(frozen=True)
class Checked:
    """A prediction and what became of it.

    Examples
    --------
    >>> from credit_ml.grammar.numbers import Amount
    >>> Checked("friends carry part", "held", Amount(-3.0, -4.0, -2.0), "below", 0.0).outcome
    'held'
    """

    claim: str
    outcome: Outcome
    measured: Amount
    relation: str
    value: float
    unit: str = ""

    def text(self) -> str:
        """Return claim, outcome and the numbers it rests on, in one line."""
        verb = {"held": "held", "failed": "did not hold", "undecided": "cannot be decided"}
        numbers = f"measured {self.measured.text(self.unit)}, predicted {self.relation}"
        value = f"{self.value:g}".replace("-", MINUS) + " of 0" * (self.relation == "within")
        return f"{sentence(self.claim, stop='')}: {verb[self.outcome]}; {numbers} {value}."


def check(results: StudyResults) -> tuple[Checked, ...]:
    """Hold each machine-checkable prediction against the findings.

    A prediction holds when the whole interval lies on the predicted side, fails when the
    whole of it lies on the other, and is undecided when the interval reaches the value; "within"
    holds when both ends lie between - value and value, and fails when both lie beyond one of these.

    Raises
    ------
    StudyError
        When a check has an unknown key or names no single row of any finding.

    Examples
    --------
    >>> from credit_ml.core.results import StudyResults
    >>> results = StudyResults(id="one", title="One", question="Is there a gap?", prediction="Yes.",
    ...                        refutation="No.")
    >>> check(results)
    ()
    """
    return tuple(_checked(_read(given), results) for given in results.settings.get("checks", ()))


def _read(given: Mapping[str, Any]) -> Check:
    known = tuple(Check.__dataclass_fields__)
    for key in given:
        need_known(StudyError, "checks", key, known)
    return Check(**given)


def _checked(wanted: Check, results: StudyResults) -> Checked:
    for rater, finding in results.of_kind(wanted.kind):
        name = rater.name if rater else str(finding.parameters.get("rater", ""))
        measured = fact(finding, **_as_held(finding, wanted.where))
        if measured is not None and wanted.rater in ("", name):
            return Checked(
                claim=wanted.claim,
                outcome=_outcome(wanted, measured),
                measured=measured,
                relation=wanted.relation,
                value=wanted.value,
                unit=str(finding.parameters.get("unit", "")) if "factor" in wanted.where else "",
            )
    raise StudyError(
        "checks",
        f"'{wanted.claim}' names no single row of a {wanted.kind} finding",
        "give `where` as columns and values of that finding's table",
    )


def _outcome(wanted: Check, measured: Amount) -> Outcome:
    if wanted.relation == "within":
        least, most = (measured.low, measured.high) if measured.ranged else (measured.estimate,) * 2
        if -wanted.value <= least and most <= wanted.value:
            return "held"
        return "failed" if least > wanted.value or most < -wanted.value else "undecided"
    side = measured.side(wanted.value)
    if side == "unclear":
        return "undecided"
    return "held" if side == wanted.relation else "failed"


def _as_held(finding: Finding, where: Mapping[str, str]) -> dict[str, str | int]:
    """Return values as the table holds them: study files give whole numbers as text."""
    whole = [name for name, dtype in finding.table.dtypes.items() if dtype.kind in "iu"]
    return {
        name: int(value) if name in whole and value.isdigit() else value
        for name, value in where.items()
    }
