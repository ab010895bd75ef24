"""Predictions: those that no row can decide are refused, and refuters of earlier runs are read."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Protocol

from credit_ml.core import StudyError, StudyResults, need_known
from credit_ml.core.instrument import Instrument, finding_class, instruments_by_kind
from credit_ml.core.schema import COLUMNS, CROSS
from credit_ml.reports.verdict import refuting_words, untested
from credit_ml.society import SENSITIVE
from credit_ml.studies.shipped import shipped_files
from credit_ml.studies.tables import CheckTable, read_study

#: Says in a study's settings that its checks were told afterwards what they say of its refutation.
AFTERWARDS = "refuted_afterwards"
#: Names in them the claims that are judged otherwise than in the run, as their own words ask.
MENDED = "mended_afterwards"
#: What stands for no feature, and for everybody.
_NO_FEATURE = ("", "overall", "(all)")
_EVERYBODY = ("", "all", "(all)", "overall", "others")


def refuse_undecidable(
    checks: Sequence[CheckTable],
    *,
    prediction: str,
    refutation: str,
    asked: Iterable[Instrument],
    raters: Iterable[str],
    place: str,
) -> None:
    """Refuse checks that name a finding, a rater or a group that the study will not have.

    Of `where` it is known which features and groups there are, and which column a misspelt one was
    meant to be. Whether a row has all the values at once, only the run can say.

    Parameters
    ----------
    checks : sequence of CheckTable
    prediction, refutation : str
        In whose words ``of``, and ``refutes`` and ``spares``, must stand.
    asked : iterable of Instrument
        What the study runs.
    raters : iterable of str
        Names of its raters.
    place : str
        For errors.

    Raises
    ------
    StudyError
        On one line, with the check that cannot be decided.
    """
    kinds, names = {kind for each in asked for kind in each.kinds}, tuple(raters)
    untested(prediction, [each.of for each in checks if each.of])
    untested(refutation, refuting_words(checks), of="refutation")
    for number, check in enumerate(checks, start=1):
        if check.kind:
            refuse_no_row(check, kinds=kinds, raters=names, place=f"{place}: checks, {number}")


class NamesRow(Protocol):
    """What picks a row out of what a study finds: a check, or a headline of a sweep."""

    @property
    def kind(self) -> str:
        """Kind of finding."""

    @property
    def rater(self) -> str:
        """Name of the rater, or empty."""

    @property
    def where(self) -> Mapping[str, str | Sequence[str]]:
        """Columns and values."""


def refuse_no_row(
    asked: NamesRow, *, kinds: Collection[str], raters: Collection[str], place: str
) -> None:
    """Refuse what names a finding, a rater, a column or a group that a study will not have.

    Raises
    ------
    StudyError
    """
    need_known(StudyError, f"{place}, kind", asked.kind, sorted(instruments_by_kind()))
    if asked.kind not in kinds:
        one = instruments_by_kind()[asked.kind]
        remedy = f"add [{one.table}]" if one.table else f"known here: {', '.join(sorted(kinds))}"
        raise StudyError(f"{place}, kind", f"'{asked.kind}' is not asked for", remedy)
    if asked.rater and not raters:
        remedy = "leave it out, or name it in where"
        raise StudyError(f"{place}, rater", "has no table of its own in such a study", remedy)
    if asked.rater:
        need_known(StudyError, f"{place}, rater", asked.rater, raters)
    _refuse_columns(asked, f"{place}, where")
    _refuse_groups(asked.where, f"{place}, where")


def _refuse_columns(asked: NamesRow, place: str) -> None:
    known = (*COLUMNS, *finding_class(asked.kind).labels)
    for name in asked.where:
        if name not in known and get_close_matches(name, known, n=1, cutoff=0.75):
            need_known(StudyError, place, name, known)


def _refuse_groups(where: Mapping[str, str | Sequence[str]], place: str) -> None:
    given = {name: (each,) if isinstance(each, str) else each for name, each in where.items()}
    features = [each for each in given.get("sensitive", ()) if each not in _NO_FEATURE]
    for part in (part for each in features for part in each.split(CROSS)):
        need_known(StudyError, f"{place}, sensitive", part, tuple(SENSITIVE))
    if len(features) != 1 or CROSS in features[0]:
        return
    for name in ("group", "reference_group"):
        for group in given.get(name, ()):
            if group not in _EVERYBODY:
                need_known(StudyError, f"{place}, {name}", group, tuple(SENSITIVE[features[0]]))


def with_refuters(results: StudyResults, file: Mapping[str, Any] | None = None) -> StudyResults:
    """Return results whose checks say what the study's file says of its refutation today.

    The study must be one of the package, with the same prediction and refutation word for word; a
    check is told only where it is the same in all else. So no claim, row or value of what was
    checked is another than it was when the study ran, and the page says that this was added. But
    for two kinds, which the page names: a claim of most worlds that was held against a mean over
    them is counted, and one that what was assumed makes true is said to be so. What speaks of the
    refutation alone was written after the run, and has the words that the file has for it today.

    Parameters
    ----------
    results : StudyResults
    file : mapping, optional
        The study's file as it is read; by default that of the package, by the study's id.

    Examples
    --------
    >>> from credit_ml.core.results import StudyResults
    >>> of_ones_own = StudyResults(id="mine", title="Mine", question="Is it?", prediction="Yes.",
    ...                            refutation="No.")
    >>> with_refuters(of_ones_own) is of_ones_own
    True
    """
    stored = results.settings.get("checks", ())
    file = file if file is not None or not stored else _shipped(results.id)
    if not stored or not file or not _same_words(results, file["study"]):
        return results
    results = _with_fixed(results, file)
    today = [CheckTable(**each) for each in file.get("checks", ())]
    speaking = {_alone(each): each for each in today if each.refutes or each.spares}
    kept = [CheckTable(**each) for each in stored]
    asked = [_as_its_words_ask(each, today) for each in kept]
    renamed = [_as_it_is_said(each, today) for each in asked]
    reworded = renamed != asked
    asked, before = renamed, asked
    known = {_alone(each) for each in asked}
    told = [speaking.get(_alone(each), each) for each in asked]
    told += [each for key, each in speaking.items() if each.refutes and key not in known]
    mended = [new.claim for new, old in zip(before, kept, strict=True) if new is not old]
    more: dict[str, Any] = {MENDED: mended} if mended else {}
    more |= {AFTERWARDS: True} if reworded or _speak(told) != _speak(kept) else {}
    if not more:
        return results
    checks = [each.model_dump(mode="json") for each in told]
    return replace(results, settings={**results.settings, "checks": checks, **more})


def _as_its_words_ask(stored: CheckTable, today: Iterable[CheckTable]) -> CheckTable:
    """Return today's check of the same words where the stored one asked too little of them.

    Of most worlds where it asked a mean over them, or of what is assumed where it called it found.
    """
    for each in today:
        counted = each.most and not stored.most and each.of == stored.of
        if counted or (each.assumed and not stored.assumed and _row(each) == _row(stored)):
            return each
    return stored


def _as_it_is_said(stored: CheckTable, today: Iterable[CheckTable]) -> CheckTable:
    """Return a check of the refutation alone in the words that it has today, of the same row."""
    same = (each for each in today if each.refutes and each.refutes == stored.refutes)
    found = next((each for each in same if _row(each) == _row(stored)), None)
    return stored.model_copy(update={"claim": found.claim}) if found else stored


def _row(check: CheckTable) -> Mapping[str, Any]:
    """Return what a check holds of which row, whatever it is called."""
    told = check.model_copy(update={"claim": "", "assumed": False, "refutes": "", "spares": ""})
    return told.model_dump(mode="json")


def _speak(checks: Iterable[CheckTable]) -> list[tuple[str, str]]:
    """Return what checks say of a refutation."""
    return [(each.refutes, each.spares) for each in checks]


def _with_fixed(results: StudyResults, file: Mapping[str, Any]) -> StudyResults:
    """Return a sweep's results that know which of its headlines cannot turn, by the study's file.

    A headline is told where it is of the same row.
    """
    rows = {each["name"]: each["where"] for each in _headlines(results.settings)}
    fixed = [
        each["name"]
        for each in _headlines(file)
        if each.get("fixed") and rows.get(each["name"]) == each["where"]
    ]
    if not fixed:
        return results
    told = [
        each.told_as(parameters={**each.parameters, "fixed": fixed})
        if "turns" in each.parameters
        else each
        for each in results.findings
    ]
    return replace(results, findings=tuple(told))


def _headlines(given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (given.get("sweep") or {}).get("headlines") or ()
    return found


def _alone(check: CheckTable) -> str:
    """Return a check without what it says of a refutation, as a key.

    Stored ones have their columns in another order than the file.
    """
    told = check.model_copy(update={"refutes": "", "spares": ""}).model_dump(mode="json")
    return json.dumps(told, sort_keys=True)


def _same_words(results: StudyResults, head: Mapping[str, Any]) -> bool:
    asked = ("id", "prediction", "refutation")
    return all(_plain(head.get(key, "")) == _plain(getattr(results, key)) for key in asked)


def _plain(words: str) -> str:
    return " ".join(words.split())


def _shipped(name: str) -> Mapping[str, Any] | None:
    path = shipped_files().get(name)
    return read_study(path) if path else None
