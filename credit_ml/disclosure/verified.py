"""What is false in a letter: each of its statements held against the model and the records."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset
from credit_ml.core.tables.frames import with_columns
from credit_ml.explanation.reasons.compute import commonest_or_middle
from credit_ml.response.moved_records import moved
from credit_ml.scoring import CrossFitted, ScoreFunction, score_function

if TYPE_CHECKING:
    from credit_ml.disclosure.notice import Notice

#: Scores that differ by less, relative to their size, are the same.
SAME = 1e-6


def falsehoods(letter: "Notice") -> list[str]:
    """Return what is false in a letter, a sentence each; nothing when all of it is true."""
    if letter.source is None:
        return ["the letter does not know its model and table any more"]
    score, dataset, row = _case(*letter.source, letter.reasons.citizen)
    person = dataset.X.iloc[[row]]
    return [
        *_of_form(letter),
        *_of_reasons(letter, score, dataset, person),
        *_of_steps(letter, score, dataset, person),
    ]


def _case(model: Any, dataset: Dataset, citizen: int) -> tuple[ScoreFunction, Dataset, int]:
    """The model as a function, its people, and the person among them.

    Of a cross-fitted one, the model and the people of the person's own fold.
    """
    if isinstance(model, CrossFitted):
        fold = next(fold for fold in model.folds if citizen in fold.rows)
        score = score_function(fold.model, direction="higher_is_better")
        return score, dataset.take(fold.rows), int(np.searchsorted(fold.rows, citizen))
    return score_function(model, dataset=dataset), dataset, citizen


def _of_form(letter: "Notice") -> Iterator[str]:
    reasons, options = letter.reasons, letter.options
    named = reasons.named(costs=True)
    allowed = options.most + any(row["column"] == options.inquiries != "" for row in named)
    if len(named) > allowed:
        yield f"{len(named)} reasons are given, and {allowed} at most are asked for"
    low, high = letter.score_range
    slack = SAME * max(1.0, abs(reasons.score))
    if not (np.isfinite([low, high]).all() and low - slack <= reasons.score <= high + slack):
        yield f"the score {reasons.score:g} lies outside its range, {low:g} to {high:g}"
    if not letter.provider.strip():
        yield "nobody is named who made the score"
    if options.jurisdiction and not letter.rights:
        yield f"the rights of {options.jurisdiction} are missing"
    if (letter.status == "granted already") != (reasons.score >= letter.threshold):
        yield "what was decided is not what the score says"
    left = reasons.factors["points"].sum() - (reasons.score - reasons.reference)
    if abs(left) > SAME * max(1.0, abs(reasons.score)):
        yield f"the factors leave {left:g} of the score unsaid"


def _of_reasons(
    letter: "Notice", score: ScoreFunction, dataset: Dataset, person: pd.DataFrame
) -> Iterator[str]:
    reasons = letter.reasons
    before = float(score(person)[0])
    slack = SAME * max(1.0, abs(before))
    if abs(before - reasons.score) > slack:
        yield f"the score is {before:g}, not {reasons.score:g}"
    for row in reasons.named(costs=True):
        block = dataset.factors.get(row["factor"], ())
        columns = (row["column"],) if row["column"] else block
        typical = {name: commonest_or_middle(dataset.X[name]) for name in columns}
        changed = {
            name: pd.Series([value], index=person.index).astype(person[name].dtype)
            for name, value in typical.items()
        }
        rise = float(score(with_columns(person, changed))[0]) - before
        if rise * np.sign(-row["points"]) <= 0:
            yield f"{row['factor']}: at the typical value the score does not change as said"
        if abs(rise - row["effect"]) > slack:
            yield f"{row['factor']}: at the typical value the score changes by {rise:g}"
        if row["column"]:
            own = person[row["column"]].iloc[0]
            for said, true in ((row["value"], own), (row["typical"], typical[row["column"]])):
                if not (said == true or (pd.isna(said) and pd.isna(true))):
                    yield f"{row['column']} is {true}, not {said}"


def _of_steps(
    letter: "Notice", score: ScoreFunction, dataset: Dataset, person: pd.DataFrame
) -> Iterator[str]:
    if letter.status != "cheapest":
        return
    guarded = {str(name) for name in dataset.sensitive}
    guarded |= {name.removesuffix(" band").removesuffix("_band") for name in guarded}
    for action in letter.actions:
        for change in action.changes:
            if change.column in guarded or change.column in letter.immutable:
                yield f"'{action.name}' moves {change.column}, which nobody can change"
    everything = np.array([(1 << len(letter.actions)) - 1], dtype=np.int64)
    then = float(score(moved(person, letter.actions, everything))[0])
    slack = SAME * max(1.0, abs(then))
    if then < letter.threshold - slack:
        yield f"after the steps the score is {then:g}, below the threshold"
    if abs(then - letter.then) > slack:
        yield f"after the steps the score is {then:g}, not {letter.then:g}"
