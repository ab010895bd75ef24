"""Where nothing depends on who one is, intervals cover zero as often as they say."""

import numpy as np

from credit_ml.agencies import load_agency
from credit_ml.fairness import audit
from credit_ml.proxies import attribute, decompose
from credit_ml.society import load_world

FEATURES = ("hukou", "ethnicity", "gender")


def covered(seed, *, scorer, citizens=1000):
    """Return whether each interval of one society covers zero."""
    society = load_world("no_proxy", citizens=citizens, seed=seed).simulate()
    rater = load_agency("sesame").fit(society, scorer=scorer, seed=seed)
    dataset = rater.agency.view(society)
    points = rater.score(dataset.X)
    attributed = attribute(rater, dataset, seed=seed)
    # Districts differ in nothing that these groups share, so people are what is to be counted.
    tables = [
        decompose(attributed, dataset, sensitive=feature, over="people").table
        for feature in FEATURES
    ]
    decided = audit(
        points >= 650,
        dataset,
        scores=points,
        sensitive=list(FEATURES),
        intersections=False,
        metrics=["selection_rate", "mean_score"],
        over="people",
    ).table
    tables.append(decided[decided["quantity"].isin(["difference", "largest_difference"])])
    return np.concatenate([(t["low"] <= 0) & (t["high"] >= 0) for t in tables])


def test_gaps_and_parts_cover_zero_at_their_level():
    found = np.array([covered(seed, scorer="scorecard") for seed in range(100)])
    share = found.mean()
    # Seeds are independent, intervals within one are not: the error comes from seeds.
    error = found.mean(axis=1).std(ddof=1) / np.sqrt(len(found))
    assert error < 0.010
    assert abs(share - 0.95) < 0.02, share  # intervals of 90 % or 98 % miss this by far
    assert found.mean(axis=0).min() > 0.85  # 4.6 errors of a share of 100 seeds below 0.95


def test_the_opaque_scorer_is_no_exception():
    found = np.array([covered(seed, scorer="opaque", citizens=600) for seed in range(12)])
    assert found.mean() > 0.85
