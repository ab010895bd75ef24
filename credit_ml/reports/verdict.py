"""Whether what was predicted came true, clause by clause, and which clauses nothing tested."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import pandas as pd

from credit_ml.core import Finding, StudyError, StudyResults, need_known
from credit_ml.core.files import beside
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.grammar.cited import constants, marked, unmarked
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import MINUS, Amount, in_units, listed
from credit_ml.grammar.phrases import NO_INTERVAL
from credit_ml.grammar.rows import records, rows, unit_of
from credit_ml.reports.borne_out.decides import row_in_words
from credit_ml.reports.borne_out.tally import HowMany, things_of

Outcome = Literal["held", "failed", "undecided", "vacuous", "assumed", "not tested"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A prediction about rows of one finding's table: their intervals lie above, below or within.

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
    kind: str = ""
    """Kind of the finding, such as ``"comparison"``; none where the claim is `assumed` outright."""
    where: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """Columns and values that pick out exactly one row; with `every`, one or more. Several values
    of a column, as a list, pick the rows of each."""
    relation: Literal["above", "below", "within"] = "within"
    value: float = 0.0
    """What the interval is held against, in the table's own unit; "within": how far from 0 both its
    ends lie at most, so that 0 says nothing changes at all."""
    rater: str = ""
    """Name of the rater; empty takes the first finding that has the row."""
    of: str = ""
    """The words of the study's prediction that this holds, as they stand there. Words of the
    prediction that no check holds are said to be not tested."""
    every: bool = False
    """Whether the claim is of every row that `where` picks: it holds when it holds of each."""
    most: bool = False
    """Whether the claim is of most of the rows that `where` picks: it holds when it holds of more
    than half of those with a number, each by its own interval (`HowMany`)."""
    assumed: bool = False
    """Whether what was assumed makes the claim come out so: then that it does is no finding."""
    refutes: str = ""
    """The words of the study's refutation that come about where the claim holds: it is then no
    part of the prediction."""
    spares: str = ""
    """The words of the refutation that come about where the claim, of the prediction, fails."""


@dataclass(frozen=True)
class Elsewhere:
    """What became of a claim where one thing else is assumed."""

    name: str
    """The other assumption, in words."""
    outcome: Outcome
    measured: Amount


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
    measured: Amount | None = None
    """What decides: of several rows, the one furthest from what was predicted."""
    relation: str = ""
    value: float = 0.0
    unit: str = ""
    times: float = 1.0
    """By what its numbers are multiplied to be shown in that unit: 100 for shares."""
    rows: int = 1
    """How many rows the claim was held against."""
    where: Mapping[str, str] = field(default_factory=dict)
    """The row that decides: columns and values, and the rater where there is one."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What the page calls measures and regimes of that row."""
    why: str = ""
    """Why it was not tested, where a check was meant to."""
    of: str = ""
    """The words of the prediction that it holds."""
    refutes: str = ""
    """The words of the refutation that it holds, where it holds none of the prediction."""
    spares: str = ""
    """The words of the refutation that it denies."""
    otherwise: tuple[Elsewhere, ...] = ()
    """Other assumptions, one at a time, under which something else came of it."""
    assumptions: int = 0
    """How many other assumptions it was held against."""
    tally: HowMany | None = None
    """In how many rows it is so, where it is said of most."""

    @property
    def came_about(self) -> tuple[str, Outcome] | None:
        """The words of the refutation that it speaks of, and "held" where they came about."""
        words = self.refutes or self.spares
        return (words, self._refutes_by(self.outcome)) if words else None

    def _refutes_by(self, outcome: Outcome) -> Outcome:
        """Return what an outcome of the claim is to the words of the refutation.

        What is to refute it by not being known comes about where the claim is undecided, too.
        """
        if self.refutes:
            return outcome
        turned: dict[Outcome, Outcome] = {"held": "failed", "failed": "held"}
        if any(words in self.spares for words in beside(__file__)["doubting"]):
            turned["undecided"] = "held"
        return turned.get(outcome, outcome)

    @property
    def comes_about_under(self) -> tuple[str, ...]:
        """Other assumptions, one at a time, under which the refutation's words come about."""
        if not (self.refutes or self.spares):
            return ()
        return tuple(
            each.name for each in self.otherwise if self._refutes_by(each.outcome) == "held"
        )

    @property
    def untested_words(self) -> bool:
        """Whether it stands for words of the prediction that no check holds."""
        return self.outcome == "not tested" and not self.why

    def text(self) -> str:
        """Return claim, outcome and the numbers it rests on, in one line."""
        return unmarked(self.marked())

    def marked(self) -> str:
        """Return the same with the rows of the numbers (`credit_ml.grammar.cited`), for a page."""
        told = beside(__file__)["refuting" if self.refutes else "said"][self.outcome]
        said = f"{constants(sentence(self.claim, stop=''))}: {told}"
        if self.tally is not None:
            return f"{said}; {self.tally.text()}."
        if self.measured is None:
            return f"{said}{': ' * bool(self.why)}{self.why}."
        least = f"at the worst of {constants(str(self.rows))} " if self.rows > 1 else ""
        value = marked(f"{self.times * self.value:g}".replace("-", MINUS), self.value)
        value += constants(" of 0") * (self.relation == "within")
        measured = self._shown(self.measured)
        bare = "" if self.measured.has_interval else f" {NO_INTERVAL}"
        asked = "it takes" if self.refutes else "predicted"
        held = f"{said}; measured {least}{measured}{bare}, {asked} {self.relation} {value}."
        return f"{held}{self._elsewhere()}"

    def _shown(self, measured: Amount) -> str:
        shown = measured if self.times == 1.0 else measured.times(self.times)
        return shown.text(self.unit, self.times * self.value)

    def _elsewhere(self) -> str:
        """Say where one other assumption changes what came of it; "" where none does."""
        told = beside(__file__)["refuting" if self.refutes else "said"]
        parts = []
        for outcome in dict.fromkeys(each.outcome for each in self.otherwise):
            named = [
                f"{constants(unmarked(each.name))} ({self._shown(each.measured)})"
                for each in self.otherwise
                if each.outcome == outcome
            ]
            parts.append(f"{told[outcome]} under {listed(named)}")
        others = constants(str(self.assumptions))
        said = f" Of {others} other assumptions, one at a time, it {listed(parts)}."
        return said if parts else ""

    def row(self) -> str:
        """Return which row of which table decides, in words, for who looks the number up."""
        return row_in_words(self.where, self.called)


def check(results: StudyResults) -> tuple[Checked, ...]:
    """Hold each machine-checkable prediction against the findings, and say what none tests.

    A prediction holds when the whole interval lies on the predicted side, fails when the
    whole of it lies on the other, and is undecided when the interval reaches the value; "within"
    holds when both ends lie between - value and value, and fails when both lie beyond one of these.
    It is vacuous where "within" was predicted and the number is 0 without any doubt: what cannot
    move has not been put to a test. Of several rows all must hold, and one that fails fails them;
    where it is said of most (``most``) they are counted, each by its own interval.
    A claim that what was assumed makes true (``assumed``) is said to restate it where it would have
    held, or where it names no row at all.

    What one row decides is held against the same row wherever its instrument measured it under
    another assumption (``otherwise``): the claim is of what was assumed, and may fall with it.

    Then come the clauses of the prediction whose words no check holds, as "not tested"; so is a
    check that names no row of what was found. Of the refutation likewise, where there are checks:
    one holds or denies words of it (``refutes``, ``spares``).

    Raises
    ------
    StudyError
        When a check has an unknown key, or holds words that the prediction does not have.

    Examples
    --------
    >>> from credit_ml.core.results import StudyResults
    >>> results = StudyResults(id="one", title="One", question="Is there a gap?", prediction="Yes.",
    ...                        refutation="No.")
    >>> [(each.claim, each.outcome) for each in check(results)]
    [('Yes', 'not tested')]
    """
    wanted = [_read(given) for given in results.settings.get("checks", ())]
    left = untested(results.prediction, [each.of for each in wanted if each.of])
    refuting = refuting_words(wanted)
    unheld = untested(results.refutation, refuting, of="refutation") if wanted else ()
    return (
        *(
            replace(_checked(each, results), of=each.of, refutes=each.refutes, spares=each.spares)
            for each in wanted
        ),
        *(Checked(clause, "not tested") for clause in left),
        *(Checked(clause, "not tested", refutes=clause) for clause in unheld),
    )


class Refuting(Protocol):
    """What may hold or deny words of a refutation: a check, as it is read or as a file has it."""

    @property
    def refutes(self) -> str:
        """Words that come about where the claim holds."""

    @property
    def spares(self) -> str:
        """Words that come about where it fails."""


def said_of_refutation(outcome: Outcome) -> str:
    """Return how an outcome is said of what was to refute a prediction.

    Examples
    --------
    >>> said_of_refutation("held")
    'came about'
    """
    return str(beside(__file__)["refuting"][outcome])


def refuting_words(checks: Iterable[Refuting]) -> list[str]:
    """Return the words of a refutation that checks hold or deny."""
    return [words for each in checks for words in (each.refutes, each.spares) if words]


def untested(prediction: str, held: Sequence[str], *, of: str = "prediction") -> tuple[str, ...]:
    """Return the clauses of a prediction of which no words are held by a check.

    What remains when the held words are taken out is split at full stops, colons and semicolons;
    pieces of connecting words alone ("and", "although") are no clauses, nor is what goes straight
    on from held words, as "at once" from "all fall": it is the rest of that clause.

    Raises
    ------
    StudyError
        When some of the held words do not stand in the prediction.

    Examples
    --------
    >>> untested("Rural citizens score lower, and friends carry part of it.",
    ...          ["Rural citizens score lower"])
    ('friends carry part of it',)
    """
    text = " ".join(prediction.split())
    kept = [True] * len(text)
    for words in held:
        piece = " ".join(words.split())
        start = text.lower().find(piece.lower())
        key = {"prediction": "`of`"}.get(of, "`refutes` and `spares`")
        remedy = f"give {key} as words of the {of}, as they stand there"
        problem = f"holds '{piece}', which the {of} does not say"
        StudyError.unless(start >= 0, "checks", problem, remedy)
        kept[start : start + len(piece)] = [False] * len(piece)
    left = "".join(letter if keep else _HELD for letter, keep in zip(text, kept, strict=True))
    return tuple(_clauses(left))


#: Stands for a letter of words that a check holds.
_HELD = "\0"


def _clauses(text: str) -> Iterator[str]:
    for sentence_left in re.split(r"[.;:](?:\s|$)", text):
        before, *after = re.split(f"{_HELD}+", sentence_left)
        for goes_on, piece in ((False, before), *((True, each) for each in after)):
            words, joined = _content(piece)
            if words and (joined or not goes_on):
                yield " ".join(words)


def _content(piece: str) -> tuple[list[str], bool]:
    """Return a piece's words without connecting ones before them, and whether a new clause begins.

    One that joins what is held to it, and so dangles, goes from its end too.
    """
    connecting, joining = (set(beside(__file__)[name]) for name in ("connecting", "joining"))
    plain = [each.lower().strip(" ,.()") for each in piece.split()]
    begins = piece.lstrip().startswith((",", "(")) or bool(plain and plain[0] in joining)
    words = [each for each in piece.split() if each.strip(" ,.()")]
    while words and words[0].lower().strip(" ,.()") in connecting:
        words = words[1:]
    while words and words[-1].lower().strip(" ,.()") in joining:
        words = words[:-1]
    told = any(each.lower().strip(" ,.()") not in connecting for each in words)
    return " ".join(words).strip(" ,.()").split() if told else [], begins


def _read(given: Mapping[str, Any]) -> Check:
    known = tuple(Check.__dataclass_fields__)
    for key in given:
        need_known(StudyError, "checks", key, known)
    return Check(**given)


def _checked(wanted: Check, results: StudyResults) -> Checked:
    if wanted.assumed and not wanted.kind:
        return Checked(wanted.claim, "assumed")
    for rater, finding in results.of_kind(wanted.kind):
        name = rater.name if rater else str(finding.parameters.get("rater", ""))
        if wanted.rater not in ("", name):
            continue
        found = rows(finding, **as_held(finding, wanted.where))
        if wanted.every or wanted.most:
            found = _each_alone(found, wanted.where)
        measured = [Amount.of(each) for each in records(found)]
        if wanted.most and any(each.known for each in measured):
            return _counted(wanted, measured, name)
        if measured and all(each.known for each in measured) and (wanted.every or len(found) == 1):
            unit = str(finding.parameters.get("unit", "")) if "factor" in wanted.where else ""
            units = finding.shown_in
            judged = _judged(wanted, measured, records(found), unit, name, units)
            headings = finding.parameters.get("headings") or {}
            judged = replace(judged, called={**finding.called, **headings})
            return _varied(judged, wanted, finding)
    asked = "row" if wanted.every or wanted.most else "single row"
    # What was found is not lost for it: a run is judged when all of it is done.
    why = f"it names no {asked} of a {wanted.kind} finding"
    return Checked(wanted.claim, "not tested", where=_said(wanted.where), why=why)


def _counted(wanted: Check, measured: Sequence[Amount], rater: str) -> Checked:
    """Count in how many rows a claim of most of them is so."""
    known = [each for each in measured if each.known]
    outcomes = [_outcome(wanted, each) for each in known]
    tally = HowMany(outcomes, things_of(wanted.where), len(measured) - len(known))
    where = {"rater": rater} | dict(sorted(_said(wanted.where).items()))
    return Checked(wanted.claim, tally.outcome, where=where, tally=tally)


def _said(where: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else " or ".join(value)
        for name, value in where.items()
    }


def _judged(
    wanted: Check,
    measured: list[Amount],
    found: list[dict[Any, Any]],
    unit: str,
    rater: str,
    shown_in: Mapping[str, str],
) -> Checked:
    """Judge every row, and keep the one that decides: the first of the worst outcome."""
    order: tuple[Outcome, ...] = ("failed", "undecided", "vacuous", "assumed", "held")
    outcomes = [_outcome(wanted, each) for each in measured]
    if wanted.assumed:
        outcomes = ["assumed" if each in ("held", "vacuous") else each for each in outcomes]
    place = min(
        range(len(found)), key=lambda k: (order.index(outcomes[k]), _margin(wanted, measured[k]))
    )
    named = {name: str(found[place][name]) for name in found[place] if name in _NAMING}
    unit, times = (unit, 1.0) if unit else _shown_in(found[place], shown_in)
    return Checked(
        claim=wanted.claim,
        outcome=outcomes[place],
        measured=measured[place],
        relation=wanted.relation,
        value=wanted.value,
        unit=unit,
        times=times,
        rows=len(found),
        # Sorted, as results come back from JSON: the page is the same bytes.
        where={"rater": rater} | dict(sorted((_said(wanted.where) | named).items())),
    )


def _shown_in(row: Mapping[Any, Any], units: Mapping[str, str]) -> tuple[str, float]:
    """Return the unit that a row's number is shown in, and by what it is multiplied for that."""
    one, unit = in_units(Amount(1.0), unit_of(row, units))
    less = row.get("against") or row.get("fact") == "change" or row.get("quantity") in _LESS
    shown = "percentage points" if unit == "%" and less else unit
    return (shown, float(one.estimate)) if shown in _SHOWN else ("", 1.0)


#: Units in which a claim's numbers are shown, and quantities that are one number less another.
_SHOWN = ("%", "percentage points", "% of a year's income", "points")
_LESS = ("difference", "regime_difference", "change", "varied")


def _varied(judged: Checked, wanted: Check, finding: Finding) -> Checked:
    """Hold a claim of one row against the same row under each other assumption that was tried."""
    known = instruments_by_kind().get(finding.kind)
    if known is None or known.elsewhere is None or wanted.every or judged.outcome not in _DECIDED:
        return judged
    told = []
    for name, where in known.elsewhere(finding, wanted.where):
        found = records(rows(finding, **as_held(finding, where)))
        measured = Amount.of(found[0]) if len(found) == 1 else Amount(math.nan)
        if measured.known:
            told.append(Elsewhere(name, _outcome(wanted, measured), measured))
    other = tuple(each for each in told if each.outcome != judged.outcome)
    return replace(judged, otherwise=other, assumptions=len(told))


#: Outcomes that another assumption may take back.
_DECIDED = ("held", "failed")


def _each_alone(found: pd.DataFrame, named: Collection[str]) -> pd.DataFrame:
    """Leave out the mean of them all, which is none of them."""
    for name in (each for each in _NAMING if each in found and each not in named):
        found = found[found[name].astype(str) != "(all)"]
    return found


#: Columns that may tell the rows of one check apart, beside those that it names.
_NAMING = (
    *("world", "scorer", "estimator", "regime", "policy"),
    *("sensitive", "group", "reference_group"),
)


def _margin(wanted: Check, measured: Amount) -> float:
    """How far the nearer end of an interval is on the predicted side."""
    low, high = (measured.low, measured.high) if measured.ranged else (measured.estimate,) * 2
    if wanted.relation == "within":
        return wanted.value - max(abs(low), abs(high))
    return low - wanted.value if wanted.relation == "above" else wanted.value - high


def _outcome(wanted: Check, measured: Amount) -> Outcome:
    if not measured.has_interval:
        return "undecided"
    if wanted.relation == "within":
        least, most = (measured.low, measured.high) if measured.ranged else (measured.estimate,) * 2
        if least == most == 0:
            return "vacuous"
        if -wanted.value <= least and most <= wanted.value:
            return "held"
        return "failed" if least > wanted.value or most < -wanted.value else "undecided"
    side = measured.side(wanted.value)
    if side == "unclear":
        return "undecided"
    return "held" if side == wanted.relation else "failed"


def as_held(finding: Finding, where: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """Return values as the table holds them: study files give whole numbers as text."""
    whole = [name for name, dtype in finding.table.dtypes.items() if dtype.kind in "iu"]

    def held(name: str, value: str) -> str | int:
        return int(value) if name in whole and value.isdigit() else value

    return {
        name: held(name, value)
        if isinstance(value, str)
        else tuple(held(name, each) for each in value)
        for name, value in where.items()
    }
