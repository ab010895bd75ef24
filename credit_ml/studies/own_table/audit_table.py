"""The same instruments on a table of one's own: two scorers trained, or scores given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import Dataset, Finding, TableError, checked_seed
from credit_ml.core.provenance import digest, versions
from credit_ml.datasets import read_table
from credit_ml.disclosure import Regime
from credit_ml.explanation import check_factors, explain
from credit_ml.fairness import audit, quality
from credit_ml.inference import comparisons_of
from credit_ml.proxies import DecompositionComparison, attribute, compare, decompose
from credit_ml.reports import RaterResults, StudyResults, write_report
from credit_ml.response import Menu
from credit_ml.scoring import CrossFitted, OpaqueScorer, Scorecard, check_folds, cross_fit
from credit_ml.studies.own_table.disclosure import TOLD, Telling, disclosed, telling
from credit_ml.studies.own_table.user_input import (
    banded,
    check_threshold,
    checked_scores,
    favourable_value,
    read_factors,
    refuse_given_scores,
    refuse_lone_members,
    shown_command,
)
from credit_ml.studies.run import shown_progress, writable
from credit_ml.studies.threads import one_thread_each
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import write_results

#: People that the explanation's table is computed on.
EXPLAINED = 2000


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What an audit of a table was asked for, beside the table."""

    threshold: float | None
    seed: int
    folds: int
    told: Telling | None = None
    """What people are told, where a menu says what they can do."""


def audit_table(
    table: str | Path | pd.DataFrame,
    *,
    target: str | None = None,
    sensitive: Sequence[str],
    factors: str | Path | Mapping[str, Sequence[str]] | None = None,
    favourable: object = None,
    score: str | None = None,
    scale: str | tuple[float, float] | None = None,
    threshold: float | None = None,
    menu: str | Path | Menu | None = None,
    value: float = 0.05,
    regimes: Sequence[str | Regime] = TOLD,
    income: str | None = None,
    layout: Any = "table",
    title: str | None = None,
    folds: int = 5,
    seed: int = 0,
    output: str | Path | None = None,
    track: bool = True,
    progress: bool = True,
) -> StudyResults:
    """Audit the scores of a table: who gets what, and which factor carries the gap.

    Two scorers, boosted trees and a scorecard, are trained by cross-fitting, so that nobody
    is scored by a model that saw them; or a column of given scores is taken. Nothing here
    needs a truth that only a simulation has. With a menu of actions it is also measured what
    people would do if they were told about the trained scores (`disclose`).

    Cost: two cross-fits and ``2**K`` model calls for K factors; with a menu, one `disclose` each
    of at most 5,000 people.

    Parameters
    ----------
    table : str, Path or DataFrame
        One row a person; see `credit_ml.datasets.read_table` for files.
    target : str, optional
        Column of the outcome, with two values; may be missing only when scores are given.
    sensitive : sequence of str
        Columns that must not matter; ``"age:25,40,60"`` cuts a column of numbers into bands.
    factors : path or mapping, optional
        Named blocks of columns; by default each other column is one (12 at most).
    favourable : object, optional
        Value of the target that is good for the person; 1 by default.
    score : str, optional
        Column of given scores.
    scale : str or pair of float, optional
        Lowest and highest possible score, such as ``"350,950"``; scores outside are refused.
    threshold : float, optional
        Favourable decision from this score (or probability) on. By default as many people
        are selected as kept their obligation, or half without a target.
    menu : path or Menu, optional
        What people can do, on columns of this table (`load_menu`).
    value : float
        What the favourable decision is worth to people, share of a year's income; assumed.
    regimes : sequence of str or Regime
        What they are told (`REGIMES`); those that need ties between people are refused.
    income : str, optional
        Column of incomes a month, in the unit of the menu's prices. Without it everybody has
        the same, and a menu should price its actions in efforts (shares of a year's income).
    layout : {"table", "german", "give_me_some_credit"}
        Layout of the file.
    title : str, optional
        Of the report.
    folds, seed : int
        Of cross-fitting; and of samples.
    output : str or Path, optional
        Report to write; none by default.
    track, progress : bool
        As in `run_study`.

    Raises
    ------
    TableError, ModelError, MenuError
        When a column, value, factor, menu or regime cannot be used; nothing was tracked or written.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 25, "sex": ["f", "m"] * 50,
    ...                       "paid": [1, 1, 0, 1, 1, 0, 0, 0, 1, 1] * 10})
    >>> found = audit_table(frame, target="paid", sensitive=["sex"], track=False, progress=False)
    >>> [rater.id for rater in found.raters]
    ['opaque', 'scorecard']
    """
    frame = table if isinstance(table, pd.DataFrame) else read_table(table, layout=layout)
    name = "table" if isinstance(table, pd.DataFrame) else Path(table).stem
    frame, features = banded(frame, sensitive, name)
    blocks = read_factors(factors, frame, [*features, target, score], name)
    dataset = Dataset.from_frame(
        frame, target=target, sensitive=features, factors=blocks,
        favourable=favourable_value(frame, target, favourable), name=name,
    )  # fmt: skip
    check_factors(dataset.factors, dataset.X)
    if target is None and score is None:
        raise TableError(name, "has neither target nor score", "give a target or a score column")
    scores = None if score is None else checked_scores(frame, score, scale, name)
    check_threshold(threshold, score=score, scale=scale, place=name)
    for feature in features:
        list(comparisons_of(dataset, feature, needed=True))
        refuse_lone_members(dataset, feature)
    checked_seed(seed)
    if scores is None:
        check_folds(dataset, folds)
    # Least squares is quick, and refuses groups that are too small before anything is tracked.
    priced = [] if scores is None else _priced(dataset, scores)
    where = None if output is None else writable(Path(output))
    told = None
    if menu is not None:
        refuse_given_scores(score, name)
        told = telling(menu, dataset, frame, value=value, regimes=regimes, income=income)
    asked = _Asked(threshold=threshold, seed=seed, folds=folds, told=told)
    settings: dict[str, Any] = {
        "target": target, "favourable": favourable, "sensitive": list(sensitive), "score": score,
        "scale": scale, "threshold": threshold, "folds": folds, "seed": seed, "layout": layout,
        "factors": {factor: list(columns) for factor, columns in dataset.factors.items()},
    }  # fmt: skip
    settings |= {} if told is None else _told_settings(told, income)
    kinds = ["given"] if scores is not None else ["opaque", "scorecard"]
    with (
        tracked(f"audit {name}", settings, digest=digest(settings), enabled=track) as record,
        shown_progress(len(kinds) + 1, enabled=progress) as bar,
    ):
        raters = []
        for kind in kinds:
            bar.start(kind)
            with one_thread_each():
                raters.append(
                    _given(dataset, scores, asked, priced)
                    if scores is not None
                    else _trained(dataset, kind, asked)
                )
            bar.done()
        results = StudyResults(
            id=f"audit-{name}",
            title=title or f"An audit of {name}",
            question="Does the score carry who people are, and through which factor?",
            data=_facts(dataset, name),
            raters=tuple(raters),
            settings=settings,
            provenance={
                "seed": seed,
                "configuration": digest(settings),
                "versions": versions(),
                "command": shown_command(table, settings, factors, menu),
            },
        )
        bar.start("report")
        record.results(results, {})
        if where is not None:
            record.file(write_results(results, where.with_suffix(".json")))
            record.file(write_report(results, where))
        bar.done()
    return results


def _told_settings(told: Telling, income: str | None) -> dict[str, Any]:
    return {
        "menu": told.menu.id, "actions": digest(told.menu.model_dump(mode="json")),
        "value": told.value, "regimes": [regime.id for regime in told.regimes], "income": income,
    }  # fmt: skip


def _facts(dataset: Dataset, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "kind": "table",
        "people": len(dataset),
        "features": dataset.X.shape[1],
        "outcome_rate": None if dataset.y is None else float(dataset.y.mean()),
        "digest": dataset.digest(),
    }


def _trained(dataset: Dataset, kind: str, asked: _Asked) -> RaterResults:
    """Cross-fit one scorer and run every instrument that needs no truth."""
    scorer = OpaqueScorer(random_state=asked.seed) if kind == "opaque" else Scorecard()
    model = cross_fit(scorer, dataset, folds=asked.folds, seed=asked.seed)
    probability = pd.Series(model.probability, index=dataset.X.index)
    findings: list[Finding] = [
        quality(probability, dataset, rater=model.name),
        _audit(probability, dataset, asked, rater=model.name, unit="a probability of"),
        explain(model, dataset, people=EXPLAINED, seed=asked.seed),
        *_carried(model, dataset, kind, asked),
    ]
    if asked.told is not None:
        line = _threshold(probability, dataset, asked)
        findings.append(disclosed(model, dataset, asked.told, threshold=line, seed=asked.seed))
    return RaterResults(id=kind, name=model.name, scorer_kind=kind, findings=tuple(findings))


def _carried(model: CrossFitted, dataset: Dataset, kind: str, asked: _Asked) -> list[Finding]:
    shares = attribute(model, dataset, output="probability", seed=asked.seed)
    found: list[Finding] = [
        compare([decompose(shares, dataset, sensitive=feature, output="probability",
                           seed=asked.seed)])
        for feature in map(str, dataset.sensitive.columns)
    ]  # fmt: skip
    if kind != "scorecard":
        return found
    # The card is additive in log-odds only, so there a second method can be held against it.
    odds = attribute(model, dataset, output="log_odds", seed=asked.seed)
    for feature in map(str, dataset.sensitive.columns):
        both = [
            decompose(odds, dataset, sensitive=feature, output="log_odds", seed=asked.seed),
            decompose(model, dataset, sensitive=feature, output="log_odds",
                      method="kitagawa_oaxaca_blinder", seed=asked.seed),
        ]  # fmt: skip
        found.append(compare(both))
    return found


def _priced(dataset: Dataset, scores: pd.Series) -> list[DecompositionComparison]:
    return [
        compare([decompose(scores, dataset, sensitive=feature)])
        for feature in map(str, dataset.sensitive.columns)
    ]


def _given(
    dataset: Dataset, scores: pd.Series, asked: _Asked, priced: Sequence[Finding]
) -> RaterResults:
    """Put the audit of given scores before what was priced already."""
    audited = _audit(scores, dataset, asked, rater="given scores", unit="")
    findings: list[Finding] = [audited, *priced]
    return RaterResults(
        id="given", name="given scores", scorer_kind="given", findings=tuple(findings)
    )


def _audit(scores: pd.Series, dataset: Dataset, asked: _Asked, *, rater: str, unit: str) -> Finding:
    threshold = _threshold(scores, dataset, asked)
    return audit(
        scores >= threshold,
        dataset,
        scores=scores,
        decision=f"{unit} {threshold:.6g} or more".strip(),
        rater=rater,
        seed=asked.seed,
    )


def _threshold(scores: pd.Series, dataset: Dataset, asked: _Asked) -> float:
    """Return the line of the favourable decision: as asked for, or so that as many pass as kept."""
    if asked.threshold is not None:
        return asked.threshold
    share = 0.5 if dataset.y is None else float(dataset.y.mean())
    return float(scores.quantile(1 - share, interpolation="higher"))
