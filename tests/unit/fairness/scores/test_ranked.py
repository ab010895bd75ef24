"""Which group is ranked worst: only what intervals bear out, and of all only what holds of all."""

from dataclasses import replace
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_ml.core import Finding, conform
from credit_ml.fairness.scores.facts import ranked
from credit_ml.reports.templating import said

GROUPS = st.lists(st.tuples(st.integers(50, 90), st.integers(1, 15)), min_size=2, max_size=5)


def finding_of(groups):
    rows = [
        {"measure": "auc", "sensitive": "hukou", "group": f"g{k}", "estimate": middle / 100}
        | {"low": (middle - half) / 100, "high": (middle + half) / 100}
        for k, (middle, half) in enumerate(groups)
    ]
    return Finding(table=conform(rows), title="")


@given(GROUPS)
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_groups_are_level_only_where_no_two_of_them_are_apart(page_study, groups):
    found = ranked([(page_study.raters[0], finding_of(groups))], "people")
    ends = [(middle - half, middle + half) for middle, half in groups]
    any_apart = any(a[1] < b[0] or b[1] < a[0] for a, b in combinations(ends, 2))
    assert bool(found.level) == (not any_apart)
    # Worst is one that is clear of every other.
    worst = any(
        all(one[1] < other[0] for other in ends if other is not one)
        for one in ends
        if ends.count(one) == 1
    )
    assert bool(found.worst) == worst
    assert len(found.level) + len(found.mixed) + len(found.worst) == 1


def test_that_none_is_worst_of_all_is_not_said_as_that_all_are_alike(page_study):
    first = page_study.raters[0]
    table = finding_of([(60, 3), (62, 3), (80, 3)]).table
    others = tuple(each for each in first.findings if each.kind != "quality")
    (quality,) = first.of_kind("quality")
    changed = replace(first, findings=(*others, replace(quality, table=table)))
    text = said(replace(page_study, raters=(changed,)), "quality")
    assert "some groups are ranked worse than others, and none worse than all of them" in text
    assert "cannot be told" not in text
