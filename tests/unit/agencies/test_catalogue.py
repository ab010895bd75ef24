"""Agencies of the package, and files of one's own, good and bad."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from credit_ml.agencies import Agency, agencies, agency_ids, load_agency
from credit_ml.core import AgencyError
from credit_ml.society import STREAMS

OWN = """
id = "own"
title = "An agency of one's own"
rows = ["S1"]
description = "Sees bills."
streams = ["bills", "courts"]
disclosed = "full"
[scorer]
kind = "rules"
start = 100
source = "S3"
[scale]
kind = "points_to_double_odds"
base_points = 100
base_odds = 6
points_to_double = 20
source = "assumed, because it is a test"
[[rules]]
column = "late_payments"
points_per_unit = -2
source = "S3"
[[privileges]]
id = "car"
name = "car"
threshold = 90
value = 0.01
source = "S10"
"""


@pytest.mark.parametrize("name", agency_ids())
def test_every_agency_loads_and_states_unit_and_source_of_every_number(name: str) -> None:
    agency = load_agency(name)
    assert agency.id == name
    numbers = agency.describe()
    assert numbers["unit"].str.len().min() > 0
    assert numbers["source"].str.contains(r"\bS\d|assumed").all()
    text = (files("credit_ml.agencies") / "catalogue" / f"{name}.toml").read_text("utf-8")
    given = re.findall(r"^\w+ = -?[\d.]+$", text, flags=re.MULTILINE)
    assert len(given) <= len(numbers)


def test_sesame_is_as_the_source_document_says() -> None:
    sesame = load_agency("sesame")
    scale = sesame.scale.make()
    assert (scale.low, scale.high) == (350, 950)
    assert sesame.privilege("car_without_deposit").threshold == 650
    assert sesame.disclosed == "factors"


def test_council_starts_at_100_and_publishes_its_rules() -> None:
    council = load_agency("council")
    assert council.scorer.kind == "rules"
    assert council.scorer.start == 100
    assert council.disclosed == "full"
    assert {rule.points_per_unit > 0 for rule in council.rules if rule.points_per_unit} == {
        True,
        False,
    }


def test_national_sees_every_stream_and_ranks() -> None:
    national = load_agency("national")
    assert set(national.streams) == set(STREAMS)
    assert national.ranked


def test_table_of_agencies_has_a_row_each() -> None:
    table = agencies()
    assert table["id"].tolist() == agency_ids()
    assert table["description"].str.len().min() > 50


def test_own_file_loads_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    assert load_agency(path) == load_agency(str(path))
    assert load_agency(path).columns == (
        "late_payments",
        "bills_reported",
        "history_months",
        "judgments",
        "credit_used",
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title =", "titel =", "own.toml: titel: is unknown; did you mean 'title'?"),
        ("base_odds =", "base_odd =", "own.toml: scale, base_odd: is unknown; did you mean"),
        ("threshold =", "treshold =", "own.toml: privileges, entry 1, treshold: is unknown; did"),
        ("points_per_unit =", "points =", "own.toml: rules, entry 1, points: is unknown"),
        ("start =", "begin =", "own.toml: scorer, begin: is unknown; known: kind, source, start"),
        ('disclosed = "full"', 'disclosed = "al"', "own.toml: disclosed: is 'al'; "),
        ('disclosed = "full"\n', "", "own.toml: disclosed: is missing; give it"),
        ('kind = "rules"', 'kind = "rule"', "scorer, kind: is 'rule'; known: blend, ebm, lightgbm"),
        ('kind = "rules"\n', "", "own.toml: scorer, kind: is missing; known: blend"),
        ('kind = "rules"\nstart = 100', 'kind = "opaque"', "rules: are given, and the scorer"),
        ('"bills"', '"bils"', "own.toml: streams: 'bils' is unknown; did you mean 'bills'?"),
        ('["bills", "courts"]', "[]", "own.toml: streams: are empty"),
        ('"late_payments"', '"income"', "rules: column 'income' is in no stream"),
        ('source = "S10"', 'source = "hearsay"', "entry 1, source: 'hearsay' names no"),
        ('source = "S10"', 'source = "S25"', "names no source"),
        ("threshold = 90", 'threshold = "90"', "entry 1, threshold: is '90'"),
        ("threshold = 90", "threshold = nan", "entry 1, threshold: is nan"),
        ("value = 0.01", "value = -1", "entry 1, value: is -1"),
        ("points_to_double = 20", "points_to_double = 0", "points_to_double: is 0"),
        ("points_per_unit = -2\n", "", "points: are not of one kind"),
        ('id = "own"', 'id = "My Own"', "own.toml: id: is 'My Own'"),
        ('id = "own"', "id = ", "own.toml: is not TOML"),
        ('rows = ["S1"]', 'rows = ["S1"]\nscale = 3', "own.toml: is not TOML"),
        ('rows = ["S1"]', 'rows = ["one"]', "own.toml: rows, entry 1: is 'one'"),
    ],
)
def test_bad_file_gets_one_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "own.toml"
    assert old in OWN
    path.write_text(OWN.replace(old, new, 1))
    with pytest.raises(AgencyError) as caught:
        load_agency(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def changed(**changes: Any) -> dict[str, Any]:
    from credit_ml.agencies import Agency

    given = load_agency("sesame").model_dump(mode="json") | changes
    return Agency.from_dict(given, place="given").model_dump()


def test_agency_survives_being_stored() -> None:
    assert changed() == load_agency("sesame").model_dump()


def test_privileges_have_their_own_ids_and_lie_on_the_scale() -> None:
    car = load_agency("sesame").privilege("car_without_deposit").model_dump()
    with pytest.raises(AgencyError, match="id 'car_without_deposit' is given twice"):
        changed(privileges=[car, car])
    with pytest.raises(AgencyError, match="threshold: is 951; give points on the scale, 350 to"):
        changed(privileges=[car | {"threshold": 951}])


def test_value_in_place_of_a_table_is_refused() -> None:
    with pytest.raises(AgencyError, match="given: scale: is 3; give a table"):
        changed(scale=3)
    with pytest.raises(AgencyError, match="given: privileges, entry 1: is 3; give a table"):
        changed(privileges=[3])


def test_empty_range_is_refused() -> None:
    scale = load_agency("sesame").scale.model_dump()
    with pytest.raises(AgencyError, match="given: scale: low: is 950; give less than high, 950"):
        changed(scale=scale | {"low": 950})


def test_rule_by_value_is_needed_for_a_category() -> None:
    rule = {"column": "job", "points_per_unit": 1.0, "source": "S3"}
    scorer = {"kind": "rules", "source": "S3"}
    streams = ["employment"]
    with pytest.raises(AgencyError, match="fits no category 'job'; give by_value"):
        changed(scorer=scorer, rules=[rule], streams=streams)
    by_value = {"column": "job", "by_value": {"state": 5.0}, "source": "S3"}
    assert changed(scorer=scorer, rules=[by_value], streams=streams)["rules"]


def test_unknown_agency_lists_those_there_are() -> None:
    with pytest.raises(AgencyError, match="'sesam' is unknown; did you mean 'sesame'"):
        load_agency("sesam")
    with pytest.raises(AgencyError, match=r"absent\.toml: is not there"):
        load_agency("absent.toml")


def test_nobody_is_rewarded_and_punished_by_the_same_points() -> None:
    both = load_agency("all_in_one").model_dump()
    both["penalties"][0]["below"] = 900.0
    with pytest.raises(AgencyError) as caught:
        Agency.from_dict(both)
    said = str(caught.value)
    for words in ("black_list, below: is 900", "'red_list' is granted from 720", "at most 720"):
        assert words in said
    assert "\n" not in said
    both["penalties"][0]["below"] = 500.0
    assert Agency.from_dict(both).penalties[0].below == 500.0  # where the lowest grant begins


@pytest.mark.parametrize("name", agency_ids())
def test_an_agency_says_itself_in_a_line(name: str) -> None:
    said = repr(load_agency(name))
    assert said == str(load_agency(name))
    assert said.startswith(f"Agency({name}: ")
    assert len(said) < 160
    assert "\n" not in said
