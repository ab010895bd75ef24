"""What an agency sees, and what its rater answers."""

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from credit_ml.agencies import Rater, agency_ids, load_agency
from credit_ml.core import AgencyError, ModelError, TableError
from credit_ml.scoring import additive_terms, score_function
from credit_ml.society import COLUMNS, Society, load_world

KINDS = [
    ("sesame", "opaque"),
    ("sesame", "scorecard"),
    ("council", "rules"),
    ("national", "scorecard"),
]


@pytest.fixture(scope="module")
def raters(society: Society) -> dict[tuple[str, Any], Rater]:
    return {
        (name, kind): load_agency(name).fit(society, scorer=kind)  # type: ignore[arg-type]
        for name, kind in KINDS
    }


@pytest.mark.parametrize("name", agency_ids())
def test_view_holds_the_columns_of_the_streams_and_nothing_else(
    name: str, society: Society
) -> None:
    agency = load_agency(name)
    dataset = agency.view(society)
    expected = [c for c in COLUMNS if COLUMNS[c].stream in agency.streams]
    assert dataset.X.columns.tolist() == expected
    assert not set(dataset.X.columns) & set(society.people.columns)
    for factor, columns in dataset.factors.items():
        assert {COLUMNS[column].factor for column in columns} == {factor}
    pd.testing.assert_series_equal(dataset.y, society.outcome["kept"], check_names=False)
    assert list(dataset.sensitive) == ["hukou", "ethnicity", "gender", "age_band", "critic"]
    own = ["income", "district", "probability", "known", "granted_before"]
    assert list(dataset.context) == own


def test_agency_without_the_tax_stream_has_no_income(society: Society) -> None:
    assert "income" not in load_agency("sesame").view(society).X
    assert "income" in load_agency("national").view(society).X


@pytest.mark.parametrize("key", KINDS)
def test_points_show_the_log_odds_on_the_scale(
    key: tuple[str, Any], raters: dict[Any, Rater], society: Society
) -> None:
    rater = raters[key]
    points = rater.score(society.records)
    assert (points.name, points.dtype) == ("points", np.float64)
    assert points.index.equals(society.records.index)
    assert points.between(rater.scale.low, rater.scale.high).all()
    log_odds = rater.log_odds(society.records)
    np.testing.assert_allclose(rater.scale.log_odds(points), log_odds, atol=1e-9)
    np.testing.assert_allclose(
        logit(rater.predict_proba(society.records)[:, 1]), log_odds, atol=1e-9
    )
    np.testing.assert_array_equal(rater.predict(society.records), (log_odds >= 0).astype(int))
    assert rater.name == f"{key[0]} ({key[1]})"
    assert rater.kind == key[1]


def test_rater_trains_on_the_period_before(society: Society) -> None:
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    dataset = load_agency("sesame").view(society)
    mine = type(rater.scorer)().fit(dataset.X, society.outcome["kept_before"])
    np.testing.assert_array_equal(
        mine.decision_function(dataset.X), rater.log_odds(society.records)
    )


def test_score_reads_only_its_own_columns(raters: dict[Any, Rater], society: Society) -> None:
    rater = raters["sesame", "scorecard"]
    other = society.records.copy()
    other[[c for c in other.columns if c not in rater.columns and c != "job"]] = 0
    pd.testing.assert_series_equal(rater.score(other), rater.score(society.records))


def test_decisions_are_thresholds_on_points(raters: dict[Any, Rater], society: Society) -> None:
    rater = raters["sesame", "opaque"]
    granted = rater.decide(society.records, "car_without_deposit")
    assert granted.dtype == bool
    assert granted.name == "car_without_deposit"
    expected = rater.score(society.records) >= 650
    np.testing.assert_array_equal(granted, expected)
    assert 0.3 < granted.mean() < 0.7


def test_unknown_privilege_lists_those_granted(raters: dict[Any, Rater], society: Society) -> None:
    with pytest.raises(AgencyError, match=r"'car' is unknown;.* known: car_without_deposit"):
        raters["sesame", "opaque"].decide(society.records, "car")


def test_council_points_are_its_rules_written_out(
    raters: dict[Any, Rater], society: Society
) -> None:
    r = society.records
    expected = (
        100
        - np.minimum(2 * r["late_payments"], 20)
        - np.minimum(20 * r["judgments"], 40)
        - np.minimum(3 * r["traffic_fines"], 15)
        - np.minimum(5 * r["critical_posts"], 20)
        + np.minimum(r["volunteer_hours"].astype("float64"), 15)
        + np.minimum(r["gifts"], 5)
    )
    np.testing.assert_allclose(raters["council", "rules"].score(r), expected, atol=1e-9)


@pytest.mark.parametrize("key", [("council", "rules"), ("national", "scorecard")])
@pytest.mark.parametrize("output", ["score", "log_odds"])
def test_terms_of_affine_raters_add_up(
    key: tuple[str, Any], output: Any, raters: dict[Any, Rater], society: Society
) -> None:
    rater = raters[key]
    X = rater.agency.view(society).X
    terms = additive_terms(rater, X, output)
    assert list(terms.columns) == list(X.columns)
    rest = score_function(rater, output)(X) - terms.sum(axis=1)
    np.testing.assert_allclose(rest, rest.iloc[0], rtol=0, atol=1e-9)


def test_points_of_a_range_are_refused_as_a_sum(raters: dict[Any, Rater], society: Society) -> None:
    with pytest.raises(ModelError, match="its RangeScale bends"):
        additive_terms(raters["sesame", "scorecard"], society.records, "score")


def test_rank_is_the_share_of_the_population_at_or_below(
    raters: dict[Any, Rater], society: Society
) -> None:
    rater = raters["national", "scorecard"]
    seen = rater.agency.view(society).X
    ranks = rater.rank(seen)
    expected = rater.score(seen).rank(method="max", pct=True)
    np.testing.assert_allclose(ranks, expected)
    assert ranks.max() == 1.0
    with pytest.raises(AgencyError, match="publishes no ranks"):
        raters["sesame", "opaque"].rank(society.records)


def test_same_seed_same_rater_and_pickle_keeps_it(
    raters: dict[Any, Rater], society: Society
) -> None:
    rater = raters["sesame", "opaque"]
    again = load_agency("sesame").fit(society)
    for other in (again, pickle.loads(pickle.dumps(rater))):
        pd.testing.assert_series_equal(other.score(society.records), rater.score(society.records))


@pytest.mark.parametrize("name", agency_ids())
def test_scorer_can_be_changed(name: str) -> None:
    agency = load_agency(name)
    for kind in ("opaque", "scorecard"):
        changed = agency.with_scorer(kind)  # type: ignore[arg-type]
        assert changed.scorer.kind == kind
        assert changed.streams == agency.streams
        # A changed agency is itself a description that loads.
        assert type(changed).from_dict(changed.model_dump()) == changed


def test_scorers_that_cannot_be_had_are_refused() -> None:
    with pytest.raises(AgencyError, match="publishes no rules"):
        load_agency("sesame").with_scorer("rules")
    with pytest.raises(AgencyError, match="did you mean 'opaque'"):
        load_agency("sesame").with_scorer("opaqe")  # type: ignore[arg-type]


def test_absent_column_and_wrong_table_are_refused(
    raters: dict[Any, Rater], society: Society
) -> None:
    rater = raters["sesame", "opaque"]
    with pytest.raises(TableError, match=r"sesame \(opaque\): column 'seller_stars' is absent"):
        rater.score(society.records.drop(columns="seller_stars"))
    with pytest.raises(ModelError, match="cannot score a ndarray"):
        rater.log_odds(np.zeros((2, 3)))  # type: ignore[arg-type]


def test_twins_are_scored_as_any_table(raters: dict[Any, Rater], society: Society) -> None:
    rater = raters["sesame", "scorecard"]
    urban = (society.people["hukou"] == "urban").to_numpy()
    twins = rater.score(society.twin(hukou="urban").records)
    np.testing.assert_allclose(twins[urban], rater.score(society.records)[urban], rtol=0, atol=1e-9)
    assert twins[~urban].mean() > rater.score(society.records)[~urban].mean()


def test_joined_streams_are_missing_for_whoever_is_not_linked() -> None:
    society = load_world("unjoined_records", citizens=3000).simulate()
    national = load_agency("national")
    seen = national.view(society).X
    apart = ~society.holders["linked"]
    for name, column in COLUMNS.items():
        if column.stream in national.joined:
            assert seen.loc[apart, name].isna().all(), name
            there = society.records.loc[~apart, name]
            assert seen.loc[~apart, name].isna().equals(there.isna()), name
        else:
            assert seen[name].equals(society.records[name]), name


def test_a_rater_says_itself_in_a_line(raters):
    for rater in raters.values():
        assert repr(rater).startswith(f"Rater({rater.name}; {len(rater.columns)} columns in ")
        assert len(repr(rater)) < 100
