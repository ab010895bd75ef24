"""What every instrument takes: a level, and over whom its intervals are."""

from typing import get_args

import pytest

from credit_ml.core import InputError
from credit_ml.inference import FEWEST_CLUSTERS, Over, checked_over, over_note

PEOPLE = "Intervals count people as independent of each other"


@pytest.mark.parametrize(
    ("over", "clusters", "note"),
    [
        ("people", 0, f"{PEOPLE}."),
        ("auto", 0, f"{PEOPLE}."),
        ("people", 3, f"{PEOPLE}."),
        ("people", 400, f"{PEOPLE}."),
        (
            "auto",
            1,
            f"{PEOPLE}; all are of one cluster, and how others differ from it no interval says.",
        ),
    ],
)
def test_the_note_says_what_is_counted(over: str, clusters: int, note: str) -> None:
    assert over_note(over, clusters) == note


@pytest.mark.parametrize("over", ["auto", "clusters"])
def test_the_note_says_how_many_clusters(over: str) -> None:
    assert over_note(over, 1200) == (
        "Intervals count 1,200 clusters, whose people share chances. Differences between groups "
        "need no more; a group's own level also moves with what all clusters share, such as ties "
        "between them, which one table cannot show."
    )


def test_few_clusters_are_counted_and_the_note_says_why_intervals_are_wide() -> None:
    assert checked_over("auto", 3) == "clusters"
    assert "3 clusters, whose people share chances. They are wide because clusters are few." in (
        over_note("auto", 3)
    )


def test_the_fewest_clusters_are_enough() -> None:
    assert checked_over("auto", FEWEST_CLUSTERS) == "clusters"
    assert checked_over("auto", FEWEST_CLUSTERS - 1) == "people"
    with pytest.raises(InputError, match=f"there are {FEWEST_CLUSTERS - 1}"):
        checked_over("clusters", FEWEST_CLUSTERS - 1)


def test_societies_are_neither_offered_nor_taken_of_one_table() -> None:
    assert get_args(Over) == ("auto", "people", "clusters")
    with pytest.raises(InputError, match="use resample_societies"):
        checked_over("societies", 400)
