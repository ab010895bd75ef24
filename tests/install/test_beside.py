"""Two tasks written with fairlearn and shap and with this package: same numbers, fewer lines."""

import re
import warnings
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```python (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def blocks(repository: Path) -> list[tuple[str, str]]:
    found = BLOCK.findall((repository / "docs" / "beside_fairlearn_and_shap.md").read_text())
    assert [name for name, _ in found] == ["both", "fairlearn", "credit_ml", "shap", "credit_ml"]
    return found


@pytest.fixture(scope="module")
def ran(blocks: list[tuple[str, str]]) -> list[dict[str, object]]:
    """Names after each block, which knows nothing but the data."""
    shared: dict[str, object] = {}
    exec(blocks[0][1], shared)
    each = []
    for _, code in blocks[1:]:
        names = dict(shared)
        with warnings.catch_warnings():  # importing shap warns of its own colours
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            exec(code, names)
        each.append(names)
    return each


def _lines(code: str) -> int:
    return sum(bool(line.strip()) for line in code.splitlines())


@pytest.mark.parametrize("task", [0, 1])
def test_ours_is_shorter_and_read_without_a_query(blocks: list[tuple[str, str]], task: int) -> None:
    theirs, ours = blocks[1 + 2 * task][1], blocks[2 + 2 * task][1]
    assert _lines(ours) < _lines(theirs)
    assert "query(" not in ours
    assert "==" not in ours


def test_the_audits_agree(ran: list[dict]) -> None:
    theirs, ours = ran[0], ran[1]
    for group, row in theirs["values"].iterrows():
        assert ours["values"].loc[group].to_dict() == pytest.approx(row.to_dict())
    for group, row in theirs["by_sex"].iterrows():
        assert ours["by_sex"].loc[group].to_dict() == pytest.approx(row.to_dict())
    assert ours["gap"].to_dict() == pytest.approx(theirs["gap"].to_dict())
    assert (ours["low"] <= ours["values"]).all(axis=None)


def test_both_explanations_name_the_same_carrier(ran: list[dict]) -> None:
    theirs, ours = ran[2]["components"], ran[3]["components"]["estimate"]
    assert abs(theirs["address"]) > abs(theirs["history"])
    assert abs(ours["address"]) > abs(ours["history"])
    # Only ours sums to the gap between the groups.
    assert ours["address"] + ours["history"] == pytest.approx(ours["(gap)"])
