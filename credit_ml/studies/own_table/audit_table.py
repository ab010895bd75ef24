"""The same instruments on a table of one's own: two scorers trained, or scores given."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from credit_ml.core import (
    Array,
    Context,
    Dataset,
    Finding,
    RaterResults,
    StudyResults,
    TableError,
    digest,
    refuse_weights,
)
from credit_ml.core.errors import Remedy, TableErrors, gathered
from credit_ml.core.instrument import instruments
from credit_ml.core.progress import shown_progress
from credit_ml.core.seeds import checked_seed
from credit_ml.core.tables.categories import with_categories
from credit_ml.core.tables.changes import TableChange, changes_of
from credit_ml.core.tables.columns import label_of, plain
from credit_ml.core.tables.frames import as_pandas
from credit_ml.datasets import converted, read_table
from credit_ml.explanation import check_factors
from credit_ml.explanation.shapley.block_shapley import ManyFactors, warn_many
from credit_ml.explanation.shapley.coalitions import MOST_EXACT
from credit_ml.governance import AuditCase, diagnose
from credit_ml.governance.audit_checks.mutes import muted, read_mutes
from credit_ml.inference import comparisons_of
from credit_ml.scoring import OpaqueScorer, Scorecard, check_folds, cross_fit
from credit_ml.scoring.direction import checked_direction, refuse_risk
from credit_ml.studies.own_table.disclosure import Telling, disclosed, telling
from credit_ml.studies.own_table.fitted_model import FittedModel, read_by
from credit_ml.studies.own_table.incomplete import complete
from credit_ml.studies.own_table.outcome import favourable_value
from credit_ml.studies.own_table.repetition import carriers, refuse_as_factor, with_all_left_out
from credit_ml.studies.own_table.spec import COLUMN_KEYS, FILE_KEYS, TableAudit
from credit_ml.studies.own_table.stored_model import read_model
from credit_ml.studies.own_table.user_input import (
    banded,
    check_threshold,
    checked_scores,
    columns_left,
    read_factors,
    reference_groups,
    refuse_given_scores,
    refuse_like_labels,
    refuse_lone_members,
    short_between,
    shown_command,
    table_name,
)
from credit_ml.studies.threads import one_thread_each
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import under_question, writable, write_all

#: Columns that are named of those in no factor, at most.
MOST_NAMED = 5
#: What every audit asks.
QUESTION = "Does the score carry who people are, and through which factor?"


def audit_table(
    table: str | Path | pd.DataFrame,
    spec: TableAudit | str | Path | None = None,
    *,
    output: str | Path | None = None,
    overwrite: bool = False,
    track: bool = True,
    progress: bool = True,
    **options: Any,
) -> StudyResults:
    """Audit the scores of a table: who gets what, and which factor carries the gap.

    Two scorers, boosted trees and a scorecard, are trained by cross-fitting, so that nobody
    is scored by a model that saw them; or a fitted model (`read_model` says which can be read) or
    a column of given scores is taken. Nothing here
    needs a truth that only a simulation has. With a menu of actions it is also measured what
    people would do if they were told about the trained scores (`disclose`).

    Cost: two cross-fits and ``2**K`` model calls for K factors; with a menu, one `disclose` each
    of at most 5,000 people.

    Parameters
    ----------
    table : str, Path or DataFrame
        One row a person; see `credit_ml.datasets.read_table` for files.
    spec : TableAudit, str or Path, optional
        What is asked for, or a TOML file that says it.
    output : str or Path, optional
        Report to write; none by default.
    overwrite : bool
        Whether a report that is there is replaced.
    track, progress : bool
        As in `run_study`.
    **options
        Keys of `TableAudit` such as `target` and `sensitive`; they come before those of `spec`.

    Raises
    ------
    TableError, ModelError, MenuError
        When a column, value, factor, menu or regime cannot be used; nothing was tracked or written.
    InputError
        When the report is there already; nothing was tracked or written.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 25, "sex": ["f", "m"] * 50,
    ...                       "paid": [1, 1, 0, 1, 1, 0, 0, 0, 1, 1] * 10})
    >>> found = audit_table(frame, target="paid", sensitive="sex", track=False, progress=False)
    >>> [rater.id for rater in found.raters]
    ['opaque', 'scorecard']
    """
    asked, where = TableAudit.of(spec, **options), target_of(output, overwrite=overwrite)
    people, command = prepared(table, asked), shown_command(table, asked)
    return audited(people, command, where=where, track=track, progress=progress)


def target_of(output: str | Path | None, *, overwrite: bool) -> Path | None:
    """Return where a report goes, if one is asked for, when it can and may be written there."""
    return None if output is None else writable(Path(output), overwrite=overwrite)


def audited(
    people: "Prepared", command: str, *, where: Path | None, track: bool, progress: bool
) -> StudyResults:
    """Measure what was prepared, keep its record, and write its report."""
    asked = people.asked
    # Given scores are measured at once, which refuses small groups before anything is tracked.
    given = None if people.scores is None else _measured(people, people.kind)
    kinds = ("opaque", "scorecard") if given is None else (people.kind,)
    settings, title = _settings(asked, people), f"audit {people.dataset.name}"
    kept: dict[str, Any] = {"digest": digest(settings), "question": QUESTION}
    with (
        warnings.catch_warnings(action="ignore", category=ManyFactors),
        tracked(title, settings, **kept, enabled=track) as record,
        shown_progress(len(kinds) + 1, enabled=progress, alike=False) as bar,
    ):
        cases = []
        for kind in kinds:
            bar.start(kind)
            with one_thread_each():
                cases.append(given or _measured(people, kind))
            bar.done()
        bar.start("report")
        results = _results(command, people, settings, cases)
        record.keep(results, write_all(results, where))
        bar.done()
    return results


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A table, checked, and what is asked of it."""

    dataset: Dataset
    asked: TableAudit
    scores: pd.Series | None
    """Given ones, or those of the model that is audited; None where scorers are trained."""
    told: Telling | None
    """What people are told, where a menu says what they can do."""
    model: FittedModel | None = None
    """The user's own."""
    unused: tuple[str, ...] = ()
    """Columns that are nothing here."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Groups that others are held against, where they are named."""
    carriers: tuple[dict[str, Any], ...] = ()
    """Columns of factors that tell a sensitive feature by themselves."""

    @property
    def kind(self) -> str:
        """How its scores come about."""
        return "fitted" if self.model else "given" if self.scores is not None else "trained"


class Measured(NamedTuple):
    """What was found of a rater, and what audit checks are given of it."""

    results: RaterResults
    case: AuditCase


def prepared(table: Any, asked: TableAudit) -> Prepared:
    """Check everything that can be refused before any work."""
    if isinstance(table, str | Path):
        name = table_name(table)
        frame = read_table(table, **{key: getattr(asked, key) for key in FILE_KEYS})
    else:
        name, frame = "table", as_pandas(table, "table")
    model, both = asked.model, asked.model is not None and asked.score is not None
    TableError.unless(not both, name, "has a score and a model", "leave out one of them")
    if isinstance(model, str | Path):
        model = read_model(model, trust=asked.trust)
    said = {key: getattr(asked, key) for key in COLUMN_KEYS}
    dataset, frame = _dataset(converted(frame, **said, place=name), asked, name, model)
    check_factors(dataset.factors, dataset.X)
    known = asked.target, asked.score, model
    problem, remedy = "has neither target nor score", "give a target, a score column or a model"
    TableError.unless(any(each is not None for each in known), name, problem, remedy)
    scores = None
    if asked.score is not None:
        scores = checked_scores(frame, asked.score, asked.scale, name)
        scores = high_is_good(scores, dataset, asked)
    made = checked(dataset, asked, model, scores)
    read = dataset if made.model is None else made.model.dataset
    used = {*read.X.columns, *dataset.sensitive.columns}
    used |= {asked.target, asked.score, asked.income, asked.weights, asked.cluster}
    return replace(made, unused=tuple(str(each) for each in frame.columns if each not in used))


def checked(
    dataset: Dataset, asked: TableAudit, model: Any = None, scores: pd.Series | None = None
) -> Prepared:
    """Check what is asked of a table, and of a model or scores; nothing is trained.

    Raises
    ------
    TableError, ModelError, MenuError
        As `audit_table`.
    """
    name, fitted = dataset.name, None
    checked_direction(asked.direction)
    read_mutes(asked.mute, TableError, "audit, mute")
    if model is not None:
        fitted = FittedModel.of(model, dataset, asked)
        scores = pd.Series(fitted.scores, index=dataset.X.index)
    else:
        check_threshold(asked.threshold, score=asked.score, scale=asked.scale, place=name)
    features = list(map(str, dataset.sensitive.columns))
    TableError.unless(features, name, "has no sensitive feature", "name at least one")
    references = reference_groups(dataset, asked)
    for feature in features:
        reference = {feature: references[feature]} if feature in references else None
        refuse_like_labels(dataset, feature)
        list(comparisons_of(dataset, feature, reference, needed=True))
        refuse_lone_members(dataset, feature)
    checked_seed(asked.seed)
    if scores is None:
        check_folds(dataset, asked.folds)
    told = None
    if asked.menu is not None:
        refuse_given_scores(asked.score, name)
        refuse_weights(dataset, "menu")
        told = telling(asked, dataset)
    if (scores is None or fitted) and len(dataset.factors) > MOST_EXACT:
        warn_many(len(dataset.factors))
    read = dataset if fitted is None else fitted.dataset
    return Prepared(
        dataset=dataset,
        asked=asked,
        scores=scores,
        told=told,
        model=fitted,
        references=references,
        carriers=tuple(carriers(read, features)),
    )


def _dataset(
    frame: pd.DataFrame, asked: TableAudit, name: str, model: Any = None
) -> tuple[Dataset, pd.DataFrame]:
    """Take a table apart, or raise everything at once that is wrong with its columns."""
    frame = frame if model is None else with_categories(frame, model)
    frame, features = banded(frame, asked.sensitive, name)
    frame = complete(frame, asked, features, name)
    left, given = columns_left(frame, asked, features), asked.factors
    if given is None and model is not None:
        given = read_by(model, frame, [*features, asked.target, asked.weights])
    factors = read_factors(given, left, name)
    good, said = _favourable(frame, asked)
    calls: dict[str, Callable[[], Any]] = {
        "favourable": said,
        "table": lambda: Dataset.from_frame(
            frame,
            target=asked.target,
            sensitive=features,
            factors=factors,
            favourable=good,
            cluster=asked.cluster,
            weights=asked.weights,
            missing_sensitive=asked.missing_sensitive,  # type: ignore[arg-type]
            name=name,
        ),
    }
    if given is None:
        refuse = partial(refuse_as_factor, frame, asked=asked, place=name, alone=len(left) == 1)
        calls |= {f"{each} ": partial(refuse, each) for each in left}
    try:
        return gathered(name, calls)["table"], frame
    except TableErrors as several:
        raise with_all_left_out(several, left, name) from None


def _favourable(frame: pd.DataFrame, asked: TableAudit) -> tuple[object, Callable[[], object]]:
    """Return the good value, and a call that raises where none is known: then any stands for it.

    So that what is wrong with the columns is said at once with it.
    """
    try:
        good = favourable_value(frame, asked.target, asked.favourable)
    except TableError:
        any_one = frame[asked.target].dropna().iloc[0]
        return any_one, partial(favourable_value, frame, asked.target, asked.favourable)
    return good, lambda: good


def high_is_good(scores: pd.Series, dataset: Dataset, asked: TableAudit) -> pd.Series:
    """Turn given scores round where high is said to be bad; refuse to guess it."""
    if asked.direction is None and dataset.y is not None:
        column = f"score '{asked.score}'" if asked.score else "scores"
        place, y = f"{dataset.name}, {column}", dataset.y.to_numpy()
        told = Remedy(
            "direction='higher_is_better' or 'lower_is_better'",
            "--direction higher_is_better or lower_is_better",
        )
        refuse_risk(place, scores.to_numpy(), y, told)
    return -scores if asked.direction == "lower_is_better" else scores


def _settings(asked: TableAudit, people: Prepared) -> dict[str, Any]:
    keys = ("target", "favourable", "score", "scale", "threshold", "folds", "seed", "layout")
    written = [
        key
        for key in (
            *FILE_KEYS,
            *COLUMN_KEYS,
            "direction",
            "missing_sensitive",
            "incomplete",
            "weights",
            "cluster",
            "reference",
            "mute",
        )
        if getattr(asked, key) != getattr(TableAudit, key)
    ]
    settings = {key: getattr(asked, key) for key in (*keys, *written)} | {
        "sensitive": list(asked.sensitive),
        "factors": {factor: list(own) for factor, own in people.dataset.factors.items()},
    }
    if people.model is not None:
        own = asked.model if isinstance(asked.model, str | Path) else people.model.name
        settings |= {"model": str(own)}
    if people.told is None:
        return settings
    menu = people.told.menu
    return settings | {
        "menu": menu.id,
        "actions": digest(menu.model_dump(mode="json")),
        "value": people.told.value,
        "privileges": [f"{aim.name} from {aim.threshold:g} on" for aim in people.told.aims],
        "regimes": [regime.id for regime in people.told.regimes],
        "income": asked.income,
    }


def _called(name: str) -> str:
    """Return a table's name; nobody named one that has the name of all."""
    return "a table" if name == Dataset.name else name


def _results(
    command: str, people: Prepared, settings: dict[str, Any], measured: Sequence[Measured]
) -> StudyResults:
    dataset, asked, name = people.dataset, people.asked, people.dataset.name
    head = {"id": f"audit-{name}", "title": asked.title or f"An audit of {_called(name)}"}
    known: dict[str, Any] = {}
    if dataset.origin is not None and dataset.origin.outcomes:
        known |= {"target": asked.target or dataset.origin.target}
        known |= {"favourable": label_of(plain(dataset.origin.outcomes[1]))}
    if people.carriers:
        known["carriers"] = list(people.carriers)
    if changes := _changes(people):
        known["reading"] = [each._asdict() for each in changes]
    if dataset.weights is not None:
        total = float(dataset.weights.sum())
        known |= {"weights": str(dataset.weights.name), "sum_of_weights": total}
    with one_thread_each():
        fired = diagnose(each.case for each in measured)
    return under_question(
        head | {"question": QUESTION, "seed": asked.seed},
        configuration=digest(settings),
        command=command,
        data={
            "name": name,
            "kind": "table",
            "people": len(dataset),
            "features": len(dataset.features),
            "outcome_rate": _kept_share(dataset),
            "digest": dataset.digest(),
        }
        | known,
        raters=tuple(each.results for each in measured),
        settings=settings,
        diagnostics=muted(fired, read_mutes(asked.mute, TableError, "audit, mute")),
    )


def _changes(people: Prepared) -> list[TableChange]:
    """Return what was done to the table before anything was measured, with numbers."""
    raw, left = people.dataset.raw, people.unused
    made = [] if raw is None else changes_of(raw.frame)
    named = ", ".join(left[:MOST_NAMED]) + ", ..." * (len(left) > MOST_NAMED)
    said = f"column{'s' * (len(left) != 1)} of the table in no factor: {named}"
    return [*made, *([TableChange(len(left), said)] if left else [])]


def _measured(people: Prepared, kind: str) -> Measured:
    """Train one scorer, or take what is given, and run every instrument that needs no truth."""
    dataset, asked, fitted = people.dataset, people.asked, people.model
    model: Any = None if fitted is None else fitted.rater
    if people.scores is None:
        scorer = OpaqueScorer(random_state=asked.seed) if kind == "opaque" else Scorecard()
        model = cross_fit(scorer, dataset, folds=asked.folds, seed=asked.seed)
    known = people.scores is not None
    points = people.scores if known else pd.Series(model.probability, index=dataset.X.index)
    assert points is not None
    threshold = _threshold(points, dataset, people)
    chance = not known or (fitted is not None and fitted.unit == "probability")
    turned = asked.direction == "lower_is_better" and not chance
    as_given = f"{-threshold:.6g} or less on the score as given"
    line = as_given if turned else f"{threshold:.6g} or more"
    called = "turned scores" if turned else "given scores"
    if model is not None:
        called = fitted.name if fitted else model.name
    context = Context(
        sensitive=tuple(map(str, dataset.sensitive.columns)),
        seed=asked.seed,
        reference_groups=people.references,
        dataset=dataset if fitted is None else fitted.dataset,
        raters=() if model is None else (model,),
        called=called,
        points=points,
        threshold=threshold,
        decision=f"{'a probability of ' if chance else ''}{line}",
    )
    found = list(_found(context))
    if model is not None and people.told is not None:
        responses = disclosed(
            model,
            dataset,
            people.told,
            threshold=threshold,
            references=people.references,
            seed=asked.seed,
        )
        found.append(responses)
    made = RaterResults(id=kind, name=context.name, scorer_kind=kind, findings=tuple(found))
    return Measured(made, _case(people, context, made, chance=chance))


def _case(people: Prepared, context: Context, results: RaterResults, *, chance: bool) -> AuditCase:
    raw, asked = people.dataset.raw, people.asked
    valued = people.told is not None and asked.privileges is None
    return AuditCase.of(
        context,
        results,
        model=people.model and people.model.rater,
        chance=np.asarray(context.points) if chance else None,
        named_threshold=asked.threshold is not None,
        beside=raw and raw.columns(people.unused),
        assumed_value=asked.value if valued and asked.value == TableAudit.value else None,
    )


def _found(context: Context) -> Iterator[Finding]:
    for each in instruments().values():
        if each.on_table is not None:
            yield from each.on_table(context.asking(each))


def _threshold(scores: pd.Series, dataset: Dataset, people: Prepared) -> float:
    """Return the threshold that was asked for, or one that as many reach as kept."""
    asked, unit = people.asked, people.model and people.model.unit
    if asked.threshold is not None:
        # Of a risk, people are favoured at the threshold and below: both are turned round.
        turned = asked.direction == "lower_is_better" and unit != "probability"
        return -asked.threshold if turned else asked.threshold
    share = _kept_share(dataset)
    least = _reached_by(scores, 0.5 if share is None else share, dataset.relative_weights())
    above = scores[scores > scores.min()]
    # What everybody reaches decides nothing: of labels, most of them good, it is the good one.
    least = float(above.min()) if len(above) and least <= scores.min() else least
    return short_between(scores, least)


def _reached_by(scores: pd.Series, share: float, weights: Array | None) -> float:
    """Return the least score that is reached by no more than a share of the people or weight."""
    if weights is None:
        return float(scores.quantile(1 - share, interpolation="higher"))
    order = np.argsort(scores.to_numpy(), kind="stable")
    below = np.cumsum(weights[order]) - weights[order]
    place = int(np.searchsorted(below / weights.sum(), 1 - share - 1e-12))
    return float(scores.iloc[order[min(place, len(order) - 1)]])


def _kept_share(dataset: Dataset) -> float | None:
    """Share of people, or of their weight, with the favourable outcome; None when unknown."""
    if dataset.y is None:
        return None
    weights = dataset.relative_weights()
    return float(dataset.y.mean() if weights is None else np.average(dataset.y, weights=weights))
