"""The same number has the same estimate and the same interval, whatever instrument says it."""

from typing import NamedTuple

import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import blacklist, privileges
from credit_ml.disclosure import disclose
from credit_ml.fairness import (
    adverse_impact,
    agreement,
    audit,
    conditional_disparity,
    parity,
    quality,
    ranking,
)
from credit_ml.inference import People, comparisons_of
from credit_ml.proxies import FriendOptions, attribute, decompose, friend_influence
from credit_ml.society import World
from credit_ml.society.mechanisms.place import Address

THRESHOLD, PAIR = 650, {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
ONE = {"sensitive": "hukou", "group": "rural"}


class Case(NamedTuple):
    """One rater and what it says of the people of one society."""

    society: object
    rater: object
    dataset: object
    scores: object


@pytest.fixture(scope="module")
def case():
    society = World(citizens=3000, seed=3, address=Address(people_per_district=60)).simulate()
    rater = load_agency("sesame").fit(society)
    dataset = rater.agency.view(society)
    return Case(society, rater, dataset, rater.score(dataset.X))


@pytest.fixture(scope="module", params=["people", "clusters"])
def said(case, request):
    """Findings of every instrument, over people or over clusters."""
    society, rater, dataset, scores = case
    options = {"over": request.param}
    chosen, chance = scores >= THRESHOLD, rater.predict_proba(dataset.X)[:, 1]
    asked = {"sensitive": "hukou", **options}
    return {
        "audit": audit(chosen, dataset, scores=scores, **asked),
        "parity": parity(chosen, dataset, **asked),
        "conditional": conditional_disparity(chosen, dataset, given="gender", **asked),
        "impact": adverse_impact(chosen, dataset, **asked),
        "quality": quality(chance, dataset, **asked),
        "of chances": audit(chance > 0.5, dataset, **asked),
        "ranking": ranking(chance, dataset, **asked),
        "privileges": privileges(rater, dataset, **asked),
        "blacklist": blacklist(dataset, scores=scores, threshold=THRESHOLD, **asked),
        "refused": audit(~chosen, dataset, **asked),
        "disclosure": disclose(
            rater, dataset, society=society, people=None, regimes=["nothing"], **asked
        ),
        "decomposition": decompose(rater, dataset, **asked),
        "friends": friend_influence(
            rater, society, options=FriendOptions(draws=1, lenders=1, truth=False), **asked
        ),
        "shapley": decompose(attribute(rater, dataset), dataset, **asked),
        "least squares": decompose(scores, dataset, method="kitagawa_oaxaca_blinder", **asked),
        "people": People.of(dataset, **options),
    }


def _facts(finding, **where):
    rows = finding.table
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows[["estimate", "low", "high"]].iloc[0].astype(float).tolist()


def _all_the_same(numbers):
    (first, expected), *others = numbers.items()
    for name, found in others:
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9), (first, name)


def test_the_gap_in_mean_score(said, case):
    gap = {"quantity": "difference", **PAIR}
    (pair,) = comparisons_of(case.dataset, "hukou")
    own = pair.difference(said["people"].mean, case.scores)
    _all_the_same(
        {
            "inference": [float(own), *own.interval()],
            "audit": _facts(said["audit"], measure="mean_score", **gap),
            "decomposition": _facts(said["decomposition"], quantity="total", measure="mean_score"),
            "friends": _facts(said["friends"], part="score", measure="gap", **gap),
            "block Shapley": _facts(said["shapley"], quantity="total", **PAIR),
            "Kitagawa, Oaxaca and Blinder": _facts(said["least squares"], quantity="total", **PAIR),
            "disclosure before": _facts(said["disclosure"], measure="score_gap_before", **gap),
            "disclosure of nothing": _facts(said["disclosure"], measure="score_gap_after", **gap),
        }
    )


def test_the_difference_in_selection_rates(said, case):
    gap = {"quantity": "difference", **PAIR}
    first = case.rater.agency.privileges[0]
    assert first.threshold == THRESHOLD
    _all_the_same(
        {
            "audit": _facts(said["audit"], measure="selection_rate", **gap),
            "conditional": _facts(said["conditional"], **gap),
            "privileges": _facts(
                said["privileges"], measure="share_granted", consequence=first.name, **gap
            ),
            "disclosure": _facts(said["disclosure"], measure="selection_gap_before", **gap),
        }
    )


def test_the_share_on_a_black_list(said):
    for quantity, who in (("value", ONE), ("difference", PAIR)):
        of = {"quantity": quantity, **who}
        _all_the_same(
            {
                "blacklist": _facts(said["blacklist"], measure="share_listed", **of),
                "audit": _facts(said["refused"], measure="selection_rate", **of),
            }
        )


def test_the_ratio_and_the_largest_difference_of_selection_rates(said):
    of = {"measure": "selection_rate", "sensitive": "hukou"}
    _all_the_same(
        {
            "audit": _facts(said["audit"], quantity="ratio", group="rural", **of),
            "four fifths": _facts(said["audit"], quantity="four_fifths", group="rural", **of),
        }
    )
    for spread, kind in (("largest_difference", "difference"), ("smallest_ratio", "ratio")):
        _all_the_same(
            {
                "audit": _facts(said["audit"], quantity=spread, **of),
                "parity": _facts(said["parity"], quantity=kind, measure="demographic_parity"),
            }
        )
    row = said["impact"].table.set_index("group").loc["rural"]
    assert row["ratio"] == pytest.approx(
        _facts(said["audit"], quantity="ratio", group="rural", **of)[0]
    )


def test_the_rate_of_a_group(said, case):
    first = case.rater.agency.privileges[0]
    own = said["people"].share(
        case.scores >= THRESHOLD, (case.dataset.sensitive["hukou"] == "rural").to_numpy()
    )
    _all_the_same(
        {
            "inference": [float(own), *own.interval()],
            "audit": _facts(said["audit"], quantity="value", measure="selection_rate", **ONE),
            "privileges": _facts(
                said["privileges"],
                quantity="value",
                measure="share_granted",
                consequence=first.name,
                **ONE,
            ),
        }
    )


def test_the_area_under_the_curve_and_the_accuracy(said):
    _all_the_same(
        {
            "quality": _facts(said["quality"], measure="auc", **ONE),
            "ranking": _facts(said["ranking"], measure="auc", **ONE),
        }
    )
    _all_the_same(
        {
            "quality": _facts(said["quality"], measure="accuracy", **ONE),
            "audit": _facts(said["of chances"], quantity="value", measure="accuracy", **ONE),
        }
    )


def test_what_raters_do_differently_is_a_share_like_others(said, case):
    other = case.scores >= THRESHOLD - 40
    found = agreement(
        {"a": case.scores, "b": case.scores},
        {"a": case.scores >= THRESHOLD, "b": other},
        case.dataset,
        over=said["people"].over,
    )
    mixed = other & ~(case.scores >= THRESHOLD)
    own = said["people"].share(mixed)
    _all_the_same(
        {
            "inference": [float(own), *own.interval()],
            "mixed": _facts(found, measure="mixed", sensitive="overall"),
            "one way": _facts(found, measure="accepted_refused", rater="b"),
            "audit": _facts(
                audit(mixed, case.dataset, sensitive="hukou", over=said["people"].over),
                quantity="value",
                measure="selection_rate",
                sensitive="overall",
            ),
        }
    )
