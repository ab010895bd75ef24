"""What is false in letters: each of their statements held against the model and the records."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset
from credit_ml.core.tables.frames import with_columns
from credit_ml.explanation.reasons.compute import commonest_or_middle, like
from credit_ml.response.moved_records import moved
from credit_ml.scoring import ScoreFunction, score_function

if TYPE_CHECKING:
    from credit_ml.disclosure.notice import Notice

#: Scores that differ by less, relative to their size, are the same.
SAME = 1e-6

#: Letters of one model and table: their places, the model's scores, its people, each one's row.
_Case = tuple[list[int], ScoreFunction, Dataset, list[int]]


def falsehoods(letters: "Sequence[Notice]") -> list[list[str]]:
    """Return what is false in each letter, a sentence each; nothing where all of it is true.

    Many letters at once cost few calls of their model (`Notice.verify` is this of one).

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> from credit_ml.disclosure import notices
    >>> problem = example_problem()
    >>> falsehoods(list(notices(problem.model, problem.people, threshold=550, decision="a car")))
    [[], [], []]
    """
    found: list[list[str]] = [list(_of_form(letter)) for letter in letters]
    for places, score, dataset, rows in _cases(letters, found):
        own = [letters[place] for place in places]
        people = dataset.X.iloc[rows].reset_index(drop=True)
        before = score(people)
        for said in (_of_reasons, _of_steps):
            for each, problem in said(own, score, dataset, people, before):
                found[places[each]].append(problem)
    return found


def _cases(letters: "Sequence[Notice]", found: list[list[str]]) -> Iterator[_Case]:
    """Put letters of one model and table together."""
    by_source: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, letter in enumerate(letters):
        if letter.source is None:
            found[place].append("the letter does not know its model and table any more")
        else:
            by_source[id(letter.source[0]), id(letter.source[1])].append(place)
    for places in by_source.values():
        model, dataset = letters[places[0]].source  # type: ignore[misc]
        rows = [letters[place].reasons.citizen for place in places]
        yield places, score_function(model, dataset=dataset), dataset, rows


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
    left = sum(row["points"] for row in reasons.rows) - (reasons.score - reasons.reference)
    if abs(left) > slack:
        yield f"the factors leave {left:g} of the score unsaid"


def _of_reasons(
    letters: "Sequence[Notice]",
    score: ScoreFunction,
    dataset: Dataset,
    people: pd.DataFrame,
    before: Array,
) -> Iterator[tuple[int, str]]:
    """Move what each reason names to what is typical, and ask the model."""
    claims: dict[tuple[str, ...], list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for each, letter in enumerate(letters):
        if abs(before[each] - letter.reasons.score) > _slack(before[each]):
            yield each, f"the score is {before[each]:g}, not {letter.reasons.score:g}"
        for row in letter.reasons.named(costs=True):
            block = tuple(dataset.factors.get(row["factor"], ()))
            claims[(row["column"],) if row["column"] else block].append((each, row))
    typical = {
        name: commonest_or_middle(dataset.X[name])
        for name in dict.fromkeys(name for columns in claims for name in columns)
    }
    for columns, made in claims.items():
        own = people.iloc[[each for each, _ in made]].reset_index(drop=True)
        changed = {name: like(own[name], typical[name]) for name in columns}
        after, records = score(with_columns(own, changed)).tolist(), own[columns[0]].tolist()
        for place, (each, row) in enumerate(made):
            rise = float(after[place] - before[each])
            if rise * -np.sign(row["points"]) <= 0:
                yield each, f"{row['factor']}: at what is typical the score is not better"
            if abs(rise - row["effect"]) > _slack(before[each]):
                yield each, f"{row['factor']}: at what is typical the score changes by {rise:g}"
            if row["column"]:
                true = records[place], typical[row["column"]]
                for said, is_so in zip((row["value"], row["typical"]), true, strict=True):
                    if not (said == is_so or (pd.isna(said) and pd.isna(is_so))):
                        yield each, f"{row['column']} is {is_so}, not {said}"


def _of_steps(
    letters: "Sequence[Notice]",
    score: ScoreFunction,
    dataset: Dataset,
    people: pd.DataFrame,
    before: Array,
) -> Iterator[tuple[int, str]]:
    """Do what is recommended, and ask the model."""
    del before
    guarded = {str(name) for name in dataset.sensitive}
    guarded |= {name.removesuffix(" band").removesuffix("_band") for name in guarded}
    bundles: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for each, letter in enumerate(letters):
        if letter.status == "cheapest":
            bundles[tuple(map(id, letter.actions))].append(each)
    if not bundles:
        return
    changed = []
    for places in bundles.values():
        actions = letters[places[0]].actions
        everything = np.full(len(places), (1 << len(actions)) - 1, dtype=np.int64)
        changed.append(moved(people.iloc[places], actions, everything))
    after = iter(score(pd.concat(changed, ignore_index=True)).tolist())
    for places in bundles.values():
        for each, then in zip(places, after, strict=False):
            letter = letters[each]
            for action in letter.actions:
                fixed = {change.column for change in action.changes}
                for name in sorted(fixed & {*guarded, *letter.immutable}):
                    yield each, f"'{action.name}' moves {name}, which nobody can change"
            if then < letter.threshold - _slack(then):
                yield each, f"after the steps the score is {then:g}, below the threshold"
            if abs(then - letter.then) > _slack(then):
                yield each, f"after the steps the score is {then:g}, not {letter.then:g}"


def _slack(score: float) -> float:
    return SAME * max(1.0, abs(score))
