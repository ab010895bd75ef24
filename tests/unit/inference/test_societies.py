"""Intervals over other societies: what is theirs, and what stays the table's."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import Finding, InputError, TableError, conform
from credit_ml.core.cores import cores
from credit_ml.core.progress import Progress
from credit_ml.inference import (
    checked_societies,
    other_societies,
    over_societies,
    resample_societies,
)
from credit_ml.inference import societies as module
from credit_ml.inference.societies import other_seeds
from credit_ml.society import World

SHARES = np.array([0.40, 0.42, 0.39, 0.44, 0.41, 0.38, 0.45, 0.40, 0.43])


def finding(*shares: float, names: tuple[str, ...] = ("a", "b"), **parameters: object) -> Finding:
    table = pd.DataFrame(
        {"measure": names[: len(shares)], "estimate": shares, "low": 0.3, "high": 0.6, "people": 9}
    )
    return Finding(table=table, title="Shares", parameters=parameters)


@pytest.fixture
def others() -> list[Finding]:
    return [finding(share, 0.5) for share in SHARES[1:]]


def test_half_a_width_is_students_quantile_times_the_spread(others: list[Finding]) -> None:
    found = over_societies(finding(0.4, 0.5), others, intervals=0.9)
    half = stats.t.ppf(0.95, 7) * SHARES[1:].std(ddof=1)
    assert found.table.loc[0, ["low", "high"]].tolist() == pytest.approx([0.4 - half, 0.4 + half])


def test_what_is_the_same_in_all_keeps_the_interval_of_its_table(others: list[Finding]) -> None:
    """No society in which somebody is refused does not make sure that nobody is."""
    found = over_societies(finding(0.4, 0.5), others).table
    assert found.loc[1, ["low", "high"]].tolist() == [0.3, 0.6]
    certain = [replace(each, table=each.table.assign(low=0.5, high=0.5)) for each in others]
    found = over_societies(replace(certain[0], table=certain[0].table), certain).table
    assert found.loc[1, ["low", "high"]].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("over", ["people", "clusters"])
def test_the_interval_of_the_table_stands_beside(others: list[Finding], over: str) -> None:
    found = over_societies(finding(0.4, 0.5, intervals_over=over, asked=3), others)
    assert found.table[f"low_{over}"].tolist() == [0.3, 0.3]
    assert found.table[f"high_{over}"].tolist() == [0.6, 0.6]
    assert found.parameters == {
        "intervals_over": "societies",
        "intervals_of_table": over,
        "intervals": 0.95,
        "societies": 8,
        "asked": 3,
    }
    assert f"count {over} of this one" in found.notes[0]


def test_what_says_nothing_counted_people(others: list[Finding]) -> None:
    assert over_societies(finding(0.4), others).parameters["intervals_of_table"] == "people"


def test_a_fact_that_some_society_lacks_keeps_its_interval(others: list[Finding]) -> None:
    lacking = [finding(0.4), *others[1:]]
    found = over_societies(finding(0.4, 0.5), lacking)
    assert found.table.loc[1, ["low", "high"]].tolist() == [0.3, 0.6]
    assert found.table.loc[0, "low"] != 0.3
    assert found.notes[1].startswith("1 facts that have no like in some other society")
    assert len(over_societies(finding(0.4, 0.5), others).notes) == 1


def test_a_fact_without_an_interval_gets_none(others: list[Finding]) -> None:
    bare = finding(0.4, 0.5)
    bare.table.loc[0, ["low", "high"]] = np.nan
    assert over_societies(bare, others).table.loc[0, ["low", "high"]].isna().all()


def test_facts_are_found_in_whatever_order_they_stand(others: list[Finding]) -> None:
    turned = [replace(each, table=each.table.iloc[::-1].reset_index(drop=True)) for each in others]
    straight = over_societies(finding(0.4, 0.5), others)
    pd.testing.assert_frame_equal(straight.table, over_societies(finding(0.4, 0.5), turned).table)


def test_what_cannot_be_is_refused(others: list[Finding]) -> None:
    with pytest.raises(InputError, match="others: are 7 societies"):
        over_societies(finding(0.4), others[:7])
    with pytest.raises(InputError, match="finding: has intervals over societies"):
        over_societies(finding(0.4, intervals_over="societies"), others)
    with pytest.raises(TableError, match="names a fact twice"):
        over_societies(finding(0.4, 0.5, names=("a", "a")), others)
    shorter = replace(others[0], table=others[0].table.drop(columns="measure"))
    with pytest.raises(TableError, match="lack the column 'measure'"):
        over_societies(finding(0.4, 0.5), [shorter, *others[1:]])


def test_others_are_of_the_same_kind(others: list[Finding]) -> None:
    class Strange(Finding):
        kind, conforms = "strange", False

    strange = Strange(table=others[0].table, title="Else")
    with pytest.raises(InputError, match="hold findings of kind strange"):
        over_societies(finding(0.4, 0.5), [strange, *others])


@pytest.mark.parametrize("number", [7, 0, True, 9.5, "9"])
def test_too_few_societies_are_refused(number: object) -> None:
    with pytest.raises(InputError, match="societies"):
        checked_societies(number)  # type: ignore[arg-type]


def test_eight_are_enough() -> None:
    assert checked_societies(8) == 8


def test_seeds_of_others_differ_and_hang_on_the_society_and_the_seed() -> None:
    numbers = other_seeds(5, 40, seed=0)
    assert len({5, *numbers}) == 41
    assert max(numbers) < 2**32
    assert numbers[:3] == other_seeds(5, 3, seed=0)
    assert not set(numbers) & set(other_seeds(5, 40, seed=1))
    assert not set(numbers) & set(other_seeds(6, 40, seed=0))


def test_the_same_is_measured_in_others_by_any_number_of_workers() -> None:
    society = World(citizens=60, seed=3).simulate()

    def rural(each: object) -> Finding:
        share = float((each.people["hukou"] == "rural").mean())  # type: ignore[attr-defined]
        return finding(share)

    alone = resample_societies(society, rural, societies=8, intervals=0.8, seed=2)
    measured = other_societies(society, rural, societies=8, seed=2)
    pd.testing.assert_frame_equal(
        alone.table, over_societies(rural(society), measured, intervals=0.8).table
    )
    shared = resample_societies(society, rural, societies=8, intervals=0.8, seed=2, workers=2)
    pd.testing.assert_frame_equal(alone.table, shared.table)
    assert alone.parameters["intervals"] == 0.8
    assert society.world.seed not in other_seeds(society.world.seed, 8, seed=2)


def test_others_are_worlds_of_their_own_seed_and_all_else_alike() -> None:
    society = World(citizens=50, seed=4).simulate()
    met = other_societies(society, lambda each: each.world, societies=3, seed=1)
    assert [world.seed for world in met] == other_seeds(4, 3, seed=1)
    assert {world.citizens for world in met} == {50}
    found = resample_societies(
        society,
        lambda each: finding(float((each.people["hukou"] == "rural").mean())),
        societies=8,
        intervals=0.9,
    )
    shares = other_societies(
        society, lambda each: float((each.people["hukou"] == "rural").mean()), societies=8
    )
    half = stats.t.ppf(0.95, 7) * np.std(shares, ddof=1)
    row = found.table.iloc[0]
    assert row["high"] == pytest.approx(min(row["estimate"] + half, 1.0))
    with pytest.raises(InputError, match="societies: is 7"):
        resample_societies(society, finding, societies=7)


def test_processes_measure_the_same_and_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    society = World(citizens=80, seed=6).simulate()

    def seen(each: object) -> tuple[float, bool, int]:
        women = float((each.people["gender"] == "woman").mean())  # type: ignore[attr-defined]
        return women, Progress.shown, cores()

    alone = other_societies(society, seen, societies=4)
    monkeypatch.setattr(module, "PROCESSES_FROM", 80)
    apart = other_societies(society, seen, societies=4, workers=2)
    assert [each[0] for each in apart] == [each[0] for each in alone]
    assert {each[1:] for each in apart} == {(False, 1)}
    assert Progress.shown


def test_how_many_times_as_much_moves_as_its_inverse_does() -> None:
    """A width of which few people make the tail; above 0 however far societies differ."""

    class Widths(Finding):
        inverse = ("width",)

    random = np.random.default_rng(3)
    precision = 0.14 + 0.03 * random.normal(size=21)
    tables = [
        pd.DataFrame({"measure": ["width", "gap"], "estimate": [1 / each, each]}).assign(
            low=[1.0, 0.0], high=[30.0, 1.0]
        )
        for each in precision
    ]
    findings = [Widths(table=conform(table), title="") for table in tables]
    found = over_societies(findings[0], findings[1:]).table.set_index("measure")
    low, high = found.loc["gap", ["low", "high"]]
    assert found.loc["width", "low"] == pytest.approx(1 / high)
    assert found.loc["width", "high"] == pytest.approx(1 / low)
    far = []
    for number, table in enumerate(tables):
        other = table.assign(estimate=1 / (0.5 + 9 * (number % 2)))
        other = other.assign(low=other["estimate"], high=3.0)
        far.append(Widths(table=conform(other), title=""))
    wide = over_societies(far[0], far[1:]).table.set_index("measure").loc["width"]
    assert 0 < wide["low"] < wide["estimate"] < wide["high"] == np.inf
