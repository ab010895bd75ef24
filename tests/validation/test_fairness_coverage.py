"""Intervals of gaps cover their truth over societies: benchmarks/interval_coverage.py, in small.

Small districts, so that a few thousand citizens make 80 of them; one rater, fitted on a society
of its own, so that the truth is one number.
"""

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.fairness import audit
from credit_ml.inference import People, over_societies
from credit_ml.proxies import attribute, decompose
from credit_ml.society import World
from credit_ml.society.mechanisms.place import Address

SOCIETIES, ADDRESS = 120, Address(people_per_district=50)
METRICS = ["selection_rate", "true_positive_rate", "mean_score"]
#: 95 % less three standard errors of a share of SOCIETIES.
LEAST = 0.95 - 3 * np.sqrt(0.95 * 0.05 / SOCIETIES)


def _found(rater, card, seed):
    """What is found in one society: intervals of gaps of two kinds, an audit, parts of a gap.

    Intervals are estimate, low and high, shape (people or clusters or helper, metrics, 3).
    """
    society = World(citizens=4000, seed=seed, address=ADDRESS).simulate()
    dataset = rater.agency.view(society)
    scores = rater.score(dataset.X)
    found, audits = [], []
    for over in ("people", "clusters"):
        audited = audit(
            scores >= 650,
            dataset,
            scores=scores,
            sensitive="hukou",
            metrics=METRICS,
            reference_groups={"hukou": "urban"},
            intersections=False,
            over=over,
        )
        audits.append(audited)
        rows = audited.table[audited.table["quantity"] == "difference"]
        found.append(rows[["estimate", "low", "high"]].to_numpy())
    rural = (dataset.sensitive["hukou"] == "rural").to_numpy()
    people, points = People.of(dataset), np.asarray(scores, dtype=float)
    gap = people.mean(points, rural) - people.mean(points, ~rural)
    found.append(np.tile([float(gap), *gap.interval(over="clusters")], (3, 1)))
    seen = card.agency.view(society)
    parts = decompose(attribute(card, seen), seen, sensitive="hukou", reference_groups="urban")
    return np.array(found), audits[1], parts


@pytest.fixture(scope="module")
def societies():
    society = World(citizens=20_000, seed=1, address=ADDRESS).simulate()
    agency = load_agency("sesame")
    rater, card = agency.fit(society), agency.with_scorer("scorecard").fit(society)
    return [_found(rater, card, seed) for seed in range(40_000, 40_000 + SOCIETIES)]


@pytest.fixture(scope="module")
def covered(societies):
    found = np.array([each[0] for each in societies])
    truth = found[..., 0].mean(axis=0)
    return ((found[..., 1] <= truth) & (truth <= found[..., 2])).mean(axis=0)


def test_over_districts_gaps_are_covered(covered):
    assert covered[1].min() >= LEAST


def test_the_shared_helper_covers_the_gap_of_scores(covered):
    assert covered[2].min() >= LEAST


def test_over_people_they_are_not(covered):
    # The fault that counting districts mends; in larger districts it is worse.
    assert covered[0].max() < LEAST


def test_over_societies_gaps_and_every_part_are_covered(societies):
    # The default of studies; each society's interval is made of the next 20 in a ring.
    for place in (1, 2):
        tables = []
        for number in range(SOCIETIES):
            ring = [societies[(number + step) % SOCIETIES][place] for step in range(1, 21)]
            tables.append(over_societies(societies[number][place], ring).table)
        ends = np.array([table[["estimate", "low", "high"]].to_numpy(float) for table in tables])
        truth = ends[..., 0].mean(axis=0)
        share = ((ends[..., 1] <= truth) & (truth <= ends[..., 2])).mean(axis=0)
        if place == 1:
            share = share[(tables[0]["quantity"] == "difference").to_numpy()]
        assert len(share) == (3 if place == 1 else 6)
        assert share.min() >= LEAST
