"""Intervals that count districts: what they do, when they are used, what they fall back to."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import Tally, audit, audit_tally, quality
from credit_ml.inference import People, over_societies


def _people(districts, each, seed=0, shock=1.0):
    """Districts with shocks of their own; the score is what is left of them."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(districts), each)
    rows = len(place)
    sex = random.choice(["f", "m"], rows)
    score = random.normal(size=rows) + shock * random.normal(size=districts)[place]
    paid = (score + random.normal(size=rows) > 0).astype(int)
    frame = pd.DataFrame({"score": score, "sex": sex, "paid": paid, "district": place})
    return Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], context=["district"], cluster="district"
    )


def _without(dataset):
    frame = dataset.X.assign(paid=dataset.y, sex=dataset.sensitive["sex"])
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


def _rows(found, quantity, sensitive, metric="selection_rate"):
    table = found.table
    return table[
        (table["quantity"] == quantity)
        & (table["sensitive"] == sensitive)
        & (table["measure"] == metric)
    ]


def test_districts_are_counted_by_default_and_widen_levels_not_gaps():
    dataset = _people(40, 50)
    found = audit(dataset.X["score"] > 0, dataset)
    assert found.parameters["intervals_over"] == "clusters"
    assert found.parameters["clusters"] == 40
    people = audit(dataset.X["score"] > 0, dataset, over="people")
    assert people.parameters["intervals_over"] == "people"
    assert found.table["estimate"].equals(people.table["estimate"])
    overall = _rows(found, "value", "overall").iloc[0]
    alone = _rows(people, "value", "overall").iloc[0]
    width = (overall["high"] - overall["low"]) / (alone["high"] - alone["low"])
    # Widened by the root of the design effect, and by Student's quantile: 2.02 for 1.96.
    assert width == pytest.approx(np.sqrt(overall["design_effect"]) * 2.02 / 1.96, rel=0.1)
    assert overall["design_effect"] > 5
    assert 0.5 < _rows(found, "difference", "sex")["design_effect"].iloc[0] < 2
    assert alone["design_effect"] == 1


def test_the_design_effect_is_that_of_the_intraclass_correlation():
    # 1 + (each - 1) rho, rho = 1/2 of a shock as large as the noise; a mean over 60 worlds.
    effects = []
    for seed in range(60):
        dataset = _people(60, 20, seed)
        score = dataset.X["score"]
        found = audit(score > 0, dataset, scores=score, metrics=["mean_score"])
        effects.append(_rows(found, "value", "overall", "mean_score")["design_effect"].iloc[0])
    assert np.mean(effects) == pytest.approx(1 + 19 / 2, rel=0.1)


def test_without_shocks_districts_change_little():
    dataset = _people(100, 20, shock=0.0)
    found, people = (
        audit(dataset.X["score"] > 0, dataset, over=over).table for over in ("clusters", "people")
    )
    ratio = (found["high"] - found["low"]) / (people["high"] - people["low"])
    assert ratio.median() == pytest.approx(1, abs=0.15)


def test_groups_of_few_people_are_not_certain():
    dataset = _people(20, 30)
    rare = dataset.sensitive["sex"].astype(str).to_numpy()
    rare[[0, 31, 62]] = "x"
    frame = dataset.X.assign(sex=rare, paid=dataset.y, district=dataset.context["district"])
    dataset = Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], context=["district"], cluster="district"
    )
    decisions = (frame["score"] > 0).to_numpy() & (rare != "x")
    rate = _rows(audit(decisions, dataset), "value", "sex").set_index("group").loc["x"]
    assert rate["estimate"] == rate["low"] == 0
    assert 0.4 < rate["high"] < 1


def test_few_districts_are_counted_and_one_is_not():
    dataset = _people(3, 50)
    found = audit(dataset.X["score"] > 0, dataset)
    assert found.parameters["intervals_over"] == "clusters"
    assert any("wide because clusters are few" in note for note in found.notes)
    alone = audit(dataset.X["score"] > 0, _without(dataset))
    wide, narrow = (
        _rows(each, "value", "overall").eval("high - low").iloc[0] for each in (found, alone)
    )
    assert wide > 2 * narrow
    dataset = _people(1, 50)
    found = audit(dataset.X["score"] > 0, dataset)
    assert any("all are of one cluster" in note for note in found.notes)
    with pytest.raises(InputError, match="and there are 1; name a cluster column"):
        audit(dataset.X["score"] > 0, dataset, over="clusters")
    with pytest.raises(InputError, match="did you mean 'clusters'"):
        audit(dataset.X["score"] > 0, dataset, over="cluster")


def test_chunks_of_districts_merge():
    dataset = _people(30, 20)
    decisions = (dataset.X["score"] > 0).to_numpy()
    labels = dataset.context["district"].to_numpy()
    random = np.random.default_rng(0).permutation(600)

    def tally(rows):
        return Tally.of(
            decisions[rows],
            dataset.sensitive.iloc[rows],
            y=dataset.y.iloc[rows],
            clusters=labels[rows],
        )

    # In the order of first meeting, so that the clusters' weights fall on the same districts.
    whole = tally(random)
    merged = tally(random[:250]) + tally(random[250:])
    pd.testing.assert_frame_equal(audit_tally(whole).table, audit_tally(merged).table)
    with pytest.raises(TableError, match="clusters: are missing in 1 row"):
        Tally.of([1], dataset.sensitive[:1], clusters=[None])


def test_quality_counts_districts_too():
    dataset = _people(40, 50)
    chance = 1 / (1 + np.exp(-dataset.X["score"]))
    found, people = (quality(chance, data).table for data in (dataset, _without(dataset)))
    assert found["estimate"].equals(people["estimate"])
    wider = (found["high"] - found["low"]) / (people["high"] - people["low"])
    # Never narrower: at least Student's factor, up to the rounding of a mean.
    assert (wider > 0.999).all()
    assert quality(chance, dataset).parameters["intervals_over"] == "clusters"


def test_means_and_shares_of_people_who_are_pairs():
    # Everybody twice: the variance doubles, and half the people are left.
    random = np.random.default_rng(3)
    one = random.normal(size=400)
    values, clusters = np.repeat(one, 2), np.repeat(np.arange(400), 2)
    alone, pairs = People(400), People(800, clusters)
    single, double = alone.mean(one).interval(), pairs.mean(values).interval()
    assert double.high - double.low == pytest.approx(single.high - single.low, rel=0.01)
    expected, found = alone.share(one > 0).interval(), pairs.share(values > 0).interval()
    np.testing.assert_allclose(found, expected, rtol=0.01)


def test_over_societies_is_students_interval_of_one_more():
    audits = [
        audit(dataset.X["score"] > 0, dataset, reference_groups={"sex": "m"})
        for dataset in (_people(10, 20, seed) for seed in range(12))
    ]
    found = over_societies(audits[0], audits[1:])
    rates = [_rows(each, "difference", "sex")["estimate"].iloc[0] for each in audits]
    row = _rows(found, "difference", "sex").iloc[0]
    half = 2.228139 * np.std(rates[1:], ddof=1)
    assert row[["low", "high"]].tolist() == pytest.approx([rates[0] - half, rates[0] + half])
    assert found.parameters["societies"] == 11
    with pytest.raises(InputError, match="are 3 societies; give at least 8"):
        over_societies(audits[0], audits[:3])
    with pytest.raises(InputError, match="has intervals over societies"):
        over_societies(found, audits[1:])
    chance = np.full(200, 0.5)
    with pytest.raises(InputError, match="kind quality; give audit"):
        over_societies(audits[0], [quality(chance, _people(10, 20))] * 8)


def test_the_interval_of_the_table_stays_beside_that_over_societies():
    audits = [
        audit(dataset.X["score"] > 2.0, dataset)
        for dataset in (_people(10, 20, seed) for seed in range(9))
    ]
    found = over_societies(audits[0], audits[1:])
    over = audits[0].parameters["intervals_over"]
    assert found.parameters["intervals_of_table"] == over
    kept = found.table[[f"low_{over}", f"high_{over}"]].to_numpy()
    np.testing.assert_array_equal(kept, audits[0].table[["low", "high"]].to_numpy())
    # Few are selected, so that t intervals would leave the range of a share or a ratio.
    rates = _rows(found, "value", "sex")
    assert (rates["low"] >= 0).all()
    assert (rates["low"] == 0).any()
    assert (_rows(found, "ratio", "sex")["low"].dropna() >= 0).all()
    again = type(found).from_dict(found.to_dict())
    np.testing.assert_array_equal(again.table[[f"low_{over}", f"high_{over}"]].to_numpy(), kept)


def test_what_a_society_lacks_keeps_the_interval_of_the_table():
    datasets = [_people(10, 20, seed) for seed in range(9)]
    audits = [audit(each.X["score"] > 0, each) for each in datasets]
    short = replace(audits[1], table=audits[1].table.query("quantity != 'difference'"))
    found = over_societies(audits[0], [short, *audits[2:]])
    missing = found.table["quantity"] == "difference"
    np.testing.assert_array_equal(
        found.table.loc[missing, ["low", "high"]], audits[0].table.loc[missing, ["low", "high"]]
    )
    assert any("no like in some other society" in note for note in found.notes)
