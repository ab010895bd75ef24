"""Tables as people have them: limits of shares, types of groups, names of columns, one command."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import credit_ml as cm
from credit_ml.cli.app import app
from credit_ml.core import Dataset
from credit_ml.fairness import audit, parity


def people(number: int = 300, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    sex = rng.choice(["f", "m"], number)
    late = rng.poisson(1 + (sex == "m"))
    income = rng.normal(10 + 2 * (sex == "m"), 3).round(2)
    kept = rng.random(number) < 1 / (1 + np.exp(late - income / 6))
    columns = {"late": late, "income": income, "region": rng.integers(0, 3, number)}
    return pd.DataFrame(columns | {"sex": sex, "paid": kept.astype(int)})


cell = st.integers(0, 12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cell, cell, cell, cell), min_size=2, max_size=4))
def test_no_difference_of_shares_leaves_what_is_possible(cells: list[tuple[int, ...]]) -> None:
    """Of groups of any size, of one person or of nobody with an outcome."""
    rows = [
        (f"g{group}", kept, chosen)
        for group, counts in enumerate(cells)
        for (kept, chosen), number in zip(np.ndindex(2, 2), counts, strict=True)
        for _ in range(number)
    ]
    frame = pd.DataFrame(rows, columns=["group", "paid", "chosen"]).assign(x=1.0)
    if not rows or frame["paid"].nunique() < 2 or frame["group"].nunique() < 2:
        return
    data = Dataset.from_frame(frame.drop(columns="chosen"), target="paid", sensitive=["group"])
    table = parity(frame["chosen"] == 1, data).table
    known = table.dropna(subset=["low"])
    assert (known["low"] >= 0).all()
    assert (known["high"] <= 1 + 1e-12).all()
    # A rate that fewer than two groups have is no difference of 0.
    rates = {"equal_opportunity": 1, "predictive_equality": 0}
    for criterion, outcome in rates.items():
        groups = frame[frame["paid"] == outcome]["group"].nunique()
        row = table[(table["measure"] == criterion) & (table["quantity"] == "difference")].iloc[0]
        assert np.isnan(row["estimate"]) == (groups < 2)
        assert bool(row["reason"]) or groups == frame["group"].nunique() or groups >= 2


KINDS = {
    "dates": pd.to_datetime(["1980-01-01", "1990-01-01", "1990-05-01"] * 40),
    "float32": np.array([0.1, 0.2, 1.5] * 40, dtype="float32"),
    "decimals": [Decimal("1.10"), Decimal("2.20"), Decimal("3")] * 40,
    "durations": pd.to_timedelta([1, 2, 3] * 40, unit="D"),
    "booleans": [True, False, True] * 40,
    "nullable": pd.array([1, 2, 3] * 40, dtype="Int64"),
    "numbers and text": [1, "a", 2.5] * 40,
    "periods": pd.period_range("2020-01", periods=3, freq="M").repeat(40),
    "bands": pd.cut(np.arange(120), 3),
}


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_is_audited_whatever_type_the_sensitive_column_has(kind: str) -> None:
    frame = pd.DataFrame({"late": np.arange(120) % 5, "paid": [0, 1] * 60, "g": KINDS[kind]})
    data = Dataset.from_frame(frame, target="paid", sensitive=["g"])
    chosen = frame["late"] < 2
    table = audit(chosen, data, metrics=["count", "selection_rate"]).table
    own = table[(table["sensitive"] == "g") & (table["quantity"] == "value")]
    counted = own[own["measure"] == "count"]
    assert counted["people"].sum() == 120
    rates = own[own["measure"] == "selection_rate"]
    assert (rates["estimate"] * rates["people"]).sum() == pytest.approx(chosen.sum())
    theirs = chosen.groupby(frame["g"].map(str).to_numpy()).mean()
    assert sorted(rates["estimate"]) == pytest.approx(sorted(theirs))


def test_whole_numbers_as_names_are_names() -> None:
    frame = people().set_axis([0, 1, 2, 3, 4], axis=1)
    data = Dataset.from_frame(frame, target=4, sensitive=[3])
    assert list(data.X.columns) == ["0", "1", "2"]
    asked = {"target": 4, "favourable": 1, "sensitive": [3], "track": False, "progress": False}
    found = cm.audit_table(frame, **asked)
    kinds = {each.kind for each in found.raters[0].findings}
    assert "audit" in kinds
    sensitive = set(found.raters[0].of_kind("audit")[0].table["sensitive"])
    assert sensitive == {"overall", "3"}


def command(frame: pd.DataFrame, folder: Path, *options: str) -> Result:
    frame.to_csv(folder / "people.csv", index=False)
    asked = ["audit", str(folder / "people.csv"), "--target", "paid", "--sensitive", "sex"]
    asked += ["--no-track", "--quiet", "-o", str(folder / "page.html"), *options]
    return CliRunner().invoke(app, asked)


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (
            lambda t: t.assign(income=t["income"].map(lambda value: f"{value}".replace(".", ","))),
            [],
            r"column 'income': is text of which 100 % are numbers, written like '",
        ),
        (lambda t: t, ["--sensitive", "sex"], "sensitive feature 'sex': is given twice"),
        (lambda t: t, ["--sensitive", "paid"], "sensitive feature 'paid': is the target"),
    ],
    ids=["decimal comma", "a feature twice", "the target as a feature"],
)
def test_what_the_command_refuses_it_names_in_one_line(
    change, options, said, tmp_path: Path
) -> None:
    ended = command(change(people()), tmp_path, *options)
    assert ended.exit_code == 2
    (line,) = ended.stderr.splitlines()
    assert said in line
    assert not (tmp_path / "page.html").exists()


def test_a_column_of_which_nothing_is_known_takes_no_part(tmp_path: Path) -> None:
    frame = people().assign(empty=np.nan)
    assert command(frame, tmp_path).exit_code == 0
    assert (tmp_path / "page.html").stat().st_size > 10_000
    data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    scorer = cm.scoring.Scorecard().fit(data.X, data.y)
    parts = cm.decompose(scorer, data, sensitive="sex").table.set_index("factor")["estimate"]
    # A mean over references; how processors add it may leave a last digit.
    assert parts["empty"] == pytest.approx(0, abs=1e-12)


def test_given_scores_of_a_wide_table_ask_for_no_coalition(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = people().assign(**{f"v{k}": rng.normal(size=300) for k in range(11)})
    frame["score"] = frame["income"]
    assert command(frame, tmp_path, "--score", "score").exit_code == 0
    assert "score" in (tmp_path / "page.html").read_text()
