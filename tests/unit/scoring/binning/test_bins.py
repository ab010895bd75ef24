"""Bins hold everybody once; evidence is what its formula says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.scoring import Bins, quantile_cuts, weight_of_evidence
from credit_ml.scoring.binning.placing import Ladder, summed

counts = st.lists(st.integers(0, 12), min_size=1, max_size=80)
numbers = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=80)


@given(values=st.one_of(counts, numbers), most=st.integers(2, 9), fewest=st.integers(1, 10))
def test_bins_are_few_and_large_enough(values: list[float], most: int, fewest: int) -> None:
    column = np.array(values, dtype="float32")
    bins = Bins.of_number(column, most=most, fewest_people=fewest)
    people = np.bincount(bins.assign(column), minlength=len(bins.labels))
    assert people.sum() == len(values)
    assert len(bins.labels) - 1 <= most
    assert people[-1] == 0
    if len(bins.cuts) > 0:
        assert people[:-1].min() >= fewest


@given(values=st.one_of(counts, numbers), most=st.integers(2, 9))
def test_cuts_rise_and_bins_rise_with_the_value(values: list[float], most: int) -> None:
    column = np.sort(np.array(values, dtype="float32"))
    bins = Bins.of_number(column, most=most, fewest_people=1)
    assert list(bins.cuts) == sorted(set(bins.cuts))
    assert (np.diff(bins.assign(column)) >= 0).all()


def test_uniform_values_are_cut_into_equal_shares() -> None:
    cuts = quantile_cuts(np.arange(800, dtype="float32"), most=8, fewest_people=1)
    assert cuts == [100, 200, 300, 400, 500, 600, 700]


def test_a_value_that_most_share_leaves_bins_for_the_rest() -> None:
    values = np.repeat([0.0, 1.0, 2.0, 3.0], [95, 2, 2, 1])
    assert quantile_cuts(values, most=4, fewest_people=1) == [1, 2, 3]


def test_value_on_a_cut_belongs_to_the_bin_that_starts_there() -> None:
    bins = Bins(labels=("under 1", "1 or more", "(missing)"), cuts=(1.0,))
    assert bins.assign(np.array([0.9, 1.0, np.nan], dtype="float32")).tolist() == [0, 1, 2]


def test_labels_read_like_a_printed_card() -> None:
    bins = Bins.of_number(np.array([0, 1, 2, 3], dtype="float32"), most=3, fewest_people=1)
    assert bins.labels == ("under 2", "2 to under 3", "3 or more", "(missing)")


def test_rare_and_absent_categories_share_a_bin() -> None:
    codes = np.array([0, 0, 0, 1, np.nan, 3, 3, 3], dtype="float32")
    bins = Bins.of_category(codes, ("a", "b", "c", "d"), fewest_people=2)
    assert bins.labels == ("a", "d", "(other)", "(missing)")
    assert bins.assign(codes).tolist() == [0, 0, 0, 2, 3, 1, 1, 1]


def test_evidence_without_smoothing_is_the_difference_in_log_odds() -> None:
    bins = np.repeat([0, 1], [10, 30])
    kept = np.array([1] * 8 + [0] * 2 + [1] * 15 + [0] * 15, dtype="int8")
    evidence = weight_of_evidence(bins, kept, number=2, smoothing=1e-12)
    everybody = np.log(23 / 17)
    np.testing.assert_allclose(evidence, [np.log(8 / 2) - everybody, -everybody])


@given(
    people=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=2, max_size=60
    ).filter(lambda people: len({kept for _, kept in people}) == 2),
    smoothing=st.floats(0.01, 1e4),
)
def test_smoothing_pulls_to_zero_and_never_turns_the_sign(
    people: list[tuple[int, int]], smoothing: float
) -> None:
    bins, kept = (np.array(column) for column in zip(*people, strict=True))
    raw = weight_of_evidence(bins, kept.astype("int8"), number=5, smoothing=1e-9)
    smooth = weight_of_evidence(bins, kept.astype("int8"), number=5, smoothing=smoothing)
    assert np.isfinite(smooth).all()
    assert (np.abs(smooth) <= np.abs(raw) + 1e-6).all()
    assert (smooth * raw >= -1e-6).all()
    assert smooth[4] == pytest.approx(0.0, abs=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 40_000))
@settings(deadline=None, max_examples=15)
def test_summed_terms_are_those_of_each_person_s_bins(seed, people):
    random = np.random.default_rng(seed)
    numbers = np.where(random.random(people) < 0.1, np.nan, random.normal(0, 2, people))
    cuts = np.sort(random.choice(numbers[~np.isnan(numbers)], 3) if people > 50 else [0.1, 0.7])
    ladders, columns, expected = [], [], np.full(people, 0.25)
    codes = np.where(random.random(people) < 0.1, np.nan, random.integers(0, 3, people))
    for bins, values in (
        (Bins.at(sorted({float(cut) for cut in cuts})), numbers.astype("float32")),
        (Bins(labels=("a", "b", "(missing)"), bin_of_code=(0, 1, 0)), codes.astype("float32")),
    ):
        terms = random.normal(size=len(bins.labels))
        ladders.append(Ladder.of(bins, terms))
        columns.append(values)
        expected += terms[bins.assign(values)]
    np.testing.assert_array_equal(summed(columns, ladders, start=0.25), expected)
