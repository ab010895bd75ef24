"""Thirty people, their scores, and what was decided about them in the end."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.grammar.blocks import TableView

FACTORS = {"history": ["late"], "capacity": ["income"], "friends": ["friends_late"]}


def points(X: pd.DataFrame) -> pd.Series:
    """The score of the forms that are filled in by hand."""
    return 50 - 10 * X["late"] + 2 * X["income"] - 5 * X["friends_late"]


@pytest.fixture(scope="session")
def thirty() -> Dataset:
    frame = pd.read_csv(Path(__file__).with_name("people.csv"))
    return Dataset.from_frame(
        frame,
        target="kept",
        sensitive=["sex", "race"],
        factors=FACTORS,
        missing_sensitive="group",
        name="thirty",
    )


@pytest.fixture(scope="session")
def in_one_unit() -> Callable[[Iterable[TableView]], None]:
    """Hold cells to the unit in the head of their column: a share, or points of difference."""

    def hold(views: Iterable[TableView]) -> None:
        for view in views:
            for row in (row for _, rows in view.bodies for row in rows):
                for head, cell in zip(view.head, row, strict=True):
                    points = ["percentage points" in each for each in (head, cell)]
                    told = ["%" in each for each in (head, cell)]
                    if all(one or other for one, other in zip(points, told, strict=True)):
                        assert points[0] == points[1], (head, cell)

    return hold


@pytest.fixture(scope="session")
def told_words() -> Callable[[str], int]:
    """Count the words of an answer as it is read aloud: without intervals, signs and marks."""

    def count(text: str) -> int:
        bare = re.sub(r"\(−?[\d.,]+ to −?[\d.,]+\)", "", text)
        return len(re.findall(r"[^\W_][\w.,'’-]*", bare))

    return count
