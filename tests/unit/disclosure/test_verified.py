"""What is false in a letter is said, of one as of many; what is true is not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from credit_ml.agencies import load_agency
from credit_ml.core import ModelError, TableError
from credit_ml.disclosure import LetterOptions, Notice, falsehoods, notice, notices
from credit_ml.disclosure.case import example_problem
from credit_ml.explanation import readable
from credit_ml.explanation.reasons import digits_apart
from credit_ml.response import ColumnChange
from credit_ml.scoring import LogisticScorer, cross_fit, scorers
from credit_ml.society import World

OF: dict[str, Any] = {"threshold": 650, "decision": "a car without a deposit"}
TOLD = LetterOptions(on="2026-11-29", jurisdiction="us")


@pytest.fixture(scope="module")
def society() -> Any:
    return World(citizens=600, seed=3).simulate()


@pytest.mark.parametrize("kind", scorers())
def test_letters_of_every_scorer_are_true(society: Any, kind: str) -> None:
    agency, threshold = ("council", 110) if kind == "rules" else ("sesame", 650)
    rater = load_agency(agency).with_scorer(kind).fit(society)
    of: dict[str, Any] = {"threshold": threshold, "decision": "a car", "letter": TOLD}
    letters = list(notices(rater, rater.agency.view(society), range(24), **of))
    assert falsehoods(letters) == [[]] * 24


@pytest.mark.parametrize("scorer", [LogisticScorer(), HistGradientBoostingClassifier(max_iter=20)])
def test_letters_of_cross_fitted_models_are_true_and_of_the_own_fold(society, scorer) -> None:
    dataset = load_agency("sesame").view(society)
    model = cross_fit(scorer, dataset, folds=3, seed=1)
    asked = [7, 2, 599, 7, *range(40)]
    of: dict[str, Any] = {"threshold": 0.97, "decision": "a car", "letter": TOLD}
    letters = list(notices(model, dataset, asked, **of))
    assert falsehoods(letters) == [[]] * len(asked)
    for row, each in zip(asked, letters, strict=True):
        assert each.rater == model.name
        assert each.reasons.score == pytest.approx(model.probability[row], rel=1e-9)
    assert letters[0].text() == notice(model, dataset, 7, **of).text()


def test_a_cross_fitted_model_of_other_people_is_refused_at_once(society) -> None:
    dataset = load_agency("sesame").view(society)
    model = cross_fit(LogisticScorer(), dataset, folds=2, seed=1)
    of: dict[str, Any] = {"threshold": 0.9, "decision": "a car"}
    with pytest.raises(ModelError, match="was fitted on 600 people, and the table has 100"):
        notices(model, dataset.take(np.arange(100)), **of)
    with pytest.raises(TableError, match="citizens: are no rows of the table"):
        notices(model, dataset, [600], **of)


def test_many_letters_are_those_written_one_by_one(society: Any) -> None:
    council = load_agency("council").fit(society)
    dataset = council.agency.view(society)
    of: dict[str, Any] = {"threshold": 110, "decision": "a discount", "letter": TOLD}
    several = list(notices(council, dataset, [7, 2, 7, 90], **of))
    assert [each.text() for each in several] == [
        notice(council, dataset, citizen, **of).text() for citizen in (7, 2, 7, 90)
    ]
    problem = example_problem()
    other = notice(problem.model, problem.people, 1, threshold=550, decision="a car")
    assert falsehoods([several[0], other, *several[1:]]) == [[]] * 5


@pytest.fixture(scope="module")
def letter(society: Any) -> Notice:
    rater = load_agency("sesame").fit(society)
    several = notices(rater, rater.agency.view(society), letter=TOLD, **OF)
    return next(
        each
        for each in several
        if each.status == "cheapest"
        and len(each.reasons.named(costs=True)) > 1
        and each.reasons.named(costs=True)[0]["column"]
    )


def with_reason(letter: Notice, place: int, **said: Any) -> Notice:
    rows = [dict(row) for row in letter.reasons.rows]
    rows[place] |= said
    return replace(letter, reasons=replace(letter.reasons, rows=tuple(rows)))


def test_each_kind_of_falsehood_is_said(letter: Notice) -> None:
    assert not letter.verify()
    first, reasons = letter.reasons.rows[0], letter.reasons
    action = letter.actions[0]
    aged = action.model_copy(update={"changes": (ColumnChange(column="age", add=1),)})
    false = {
        "the factors leave": with_reason(letter, 0, points=first["points"] - 5),
        "the score changes by": with_reason(letter, 0, effect=first["effect"] + 1),
        f"{first['column']} is": with_reason(letter, 0, value=-7.0),
        "not -8": with_reason(letter, 0, typical=-8.0),
        "reasons are given": replace(
            letter, options=replace(TOLD, most=1), reasons=replace(reasons, most=4)
        ),
        "outside its range": replace(letter, score_range=(0.0, 1.0)),
        "nobody is named": replace(letter, rater=" "),
        "what was decided": replace(letter, status="granted already"),
        "the score is": replace(letter, reasons=replace(reasons, score=reasons.score - 1)),
        "below the threshold": replace(letter, threshold=949.0),
        f"not {letter.then + 1:g}": replace(letter, then=letter.then + 1),
        "which nobody can change": replace(letter, actions=(aged,)),
        "does not know its model": replace(letter, source=None),
    }
    found = falsehoods(list(false.values()))
    for said, problems in zip(false, found, strict=True):
        assert any(said in problem for problem in problems), (said, problems)


@settings(max_examples=60, deadline=None)
@given(
    short=st.floats(1e-7, 0.4, allow_nan=False),
    threshold=st.floats(1, 1000, allow_nan=False, allow_infinity=False),
)
def test_a_score_short_of_the_threshold_is_written_as_one(short: float, threshold: float) -> None:
    score = threshold - short
    digits = digits_apart(score, threshold, digits=4)
    one, other = (readable(value, digits=digits).replace(",", "") for value in (score, threshold))
    assert float(one) < float(other)


def test_the_letter_says_by_how_little() -> None:
    problem = example_problem()
    score = float(problem.model(problem.people.X)[1])
    text = notice(problem.model, problem.people, 1, threshold=score + 0.02, decision="a car").text()
    assert f"your score is {readable(score, digits=5)}" in text
    assert readable(score + 0.02, digits=5) in text
