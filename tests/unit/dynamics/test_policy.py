"""Policies: what their files may say, and what follows a listing."""

from pathlib import Path

import pytest

from credit_ml.dynamics import Policy, PolicyError, expected_trap, load_policy, policies, policy_ids

JOINED = load_policy("joined").model_dump(exclude_none=True)
COURTS, SANCTIONS = JOINED["lists"][0], {each["id"]: each for each in JOINED["sanctions"]}
GRADE = COURTS["grades"][0] | {"share": 1.0}
COURTS |= {"grades": [GRADE]}
SHAME = SANCTIONS["services"] | {"office": "courts"}
JOBS = SANCTIONS["loans"] | {"size": 1.0, "office": "a"}
POLICY = JOINED | {"lists": [COURTS], "sanctions": [SHAME, JOBS], "joined": 0.0}


def made(**changes):
    return Policy.from_dict(POLICY | changes)


@pytest.mark.parametrize("name", policy_ids())
def test_every_policy_of_the_package_can_be_described_with_a_source_for_each_number(name):
    policy = load_policy(name)
    described = policy.describe()
    assert described["name"].is_unique
    assert described["source"].str.contains(r"S\d|assumed").all()
    assert described["unit"].ne("").all()
    assert policy.id == name
    assert policies().set_index("id").loc[name, "title"] == policy.title


def test_offices_join_in_the_order_of_the_file_and_the_lists_own_always_does():
    others = [JOBS | {"id": f"s{n}", "office": f"office{n}"} for n in range(4)]
    counts = [
        sum(policy.follows(policy.lists[0]))
        for policy in (
            made(joined=share, sanctions=[SHAME, *others]) for share in (0, 0.25, 0.5, 0.75, 1)
        )
    ]
    assert counts == [1, 2, 3, 4, 5]


def test_a_file_may_start_from_a_named_policy(tmp_path: Path):
    path = tmp_path / "half.toml"
    path.write_text('base = "joined"\nid = "half"\njoined = 0.5\n')
    half = load_policy(path)
    assert (half.id, half.joined) == ("half", 0.5)
    assert half.lists == load_policy("joined").lists


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"joined": 1.5}, "joined"),
        ({"repair": -0.1}, "repair"),
        ({"lists": [COURTS, COURTS]}, "name 'courts' twice"),
        ({"sanctions": [SHAME, SHAME]}, "name 'services' twice"),
        ({"sanctions": [JOBS | {"moves": "jbos"}]}, "'jbos' is unknown"),
        ({"sanctions": [JOBS | {"grades": ["gone"]}]}, "'gone' is unknown"),
        ({"sanctions": [SHAME | {"size": 1}]}, "give at most 0"),
        ({"sanctions": [JOBS | {"moves": "trips", "size": 2}]}, "give at most 1"),
        ({"lists": [COURTS | {"grades": [GRADE | {"years": 0}]}]}, "years"),
        ({"lists": [COURTS | {"grades": [GRADE | {"share": 0.5}]}]}, "sum to 0.5"),
        ({"lists": [COURTS | {"grades": []}]}, "grades"),
        ({"lists": [COURTS | {"by": "score"}]}, "agency: is missing"),
        ({"lists": [COURTS | {"by": "will"}]}, "critics: is missing"),
        ({"lists": [COURTS | {"threshold": 600}]}, "leave it out"),
        ({"lists": [COURTS | {"by": "score", "agency": "sesame"}]}, "give one"),
        (
            {"lists": [COURTS | {"by": "score", "agency": "sesame", "threshold": 900}]},
            "'car_without_deposit' is granted from 650",
        ),
        ({"lists": [COURTS | {"by": "score", "agency": "sesam", "share": 0.1}]}, "sesame"),
        ({"lsts": []}, "did you mean 'lists'"),
    ],
)
def test_what_cannot_be_is_one_line_that_names_place_and_remedy(changes, said):
    with pytest.raises(PolicyError) as refused:
        made(**changes)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_policy_is_told_the_nearest():
    with pytest.raises(PolicyError, match="did you mean 'joined'"):
        load_policy("joind")


@pytest.mark.parametrize("years", [None, 0.5])
def test_the_expected_trap_needs_whole_years(years):
    rule = made(lists=[COURTS | {"grades": [GRADE | {"years": years}]}]).lists[0]
    with pytest.raises(PolicyError, match="whole years"):
        expected_trap(rule, broken=0.1, order_chance=0.1)
