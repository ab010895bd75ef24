"""Each row of the source document has a switch: off it does nothing, on it does something.

What every row does on is measured as docs/rows.md says it, once for all tests; what it does off is
held to the society, the score or the years in which its mechanism is not there, byte for byte.
"""

import re
import runpy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.dynamics import load_policy, run_rounds
from credit_ml.governance import (
    PoliticalOptions,
    SourceRows,
    load_row,
    political_screen,
    row_ids,
    rows,
)
from credit_ml.governance.political_use.abuse import Audited
from credit_ml.governance.source_rows.lab import RowLab, percentiles
from credit_ml.governance.source_rows.measures import measures
from credit_ml.society import World

CITIZENS = 3_000


@pytest.fixture(scope="module")
def found() -> SourceRows:
    return rows(citizens=CITIZENS)


@pytest.fixture(scope="module")
def lab() -> RowLab:
    return RowLab(citizens=CITIZENS, seed=0)


def measured(lab: RowLab, row: str, state: str = "off", **changes: object) -> np.ndarray:
    """What a row's measure is of everybody, with its switch in one position."""
    each = load_row(row)
    setting = getattr(each, state).model_copy(update=changes)
    return measures()[each.measure](lab, setting)


def alike(one: np.ndarray, two: np.ndarray) -> bool:
    return one.tobytes() == two.tobytes()


def as_ever(lab: RowLab) -> World:
    return World(citizens=lab.citizens, seed=lab.seed)


def same_world(lab: RowLab, row: str) -> bool:
    """Whether a row's society is, off, that of a world in which nobody named its knob."""
    return lab.society(load_row(row).off).digest() == as_ever(lab).simulate().digest()


def blind(lab: RowLab, row: str, **knobs: dict[str, object]) -> bool:
    """Whether a score is, off, the same in a world where what the row reads is otherwise."""
    return alike(measured(lab, row), measured(lab, row, knobs=knobs))


def same_years(lab: RowLab, row: str, policy: str) -> bool:
    """Whether a row's years are, off, those of a policy that knows nothing of it."""
    setting = load_row(row).off
    other = run_rounds(lab.society(setting), policy, years=setting.years)
    return lab.history(setting).digest() == other.digest()


def family_off(lab: RowLab) -> bool:
    """Off, children are kept out for own listings alone, as under a policy without families."""
    setting = load_row("S9").off
    joined = run_rounds(lab.society(setting), "joined", years=setting.years)
    return alike(
        lab.history(setting).state.totals["child_barred"], joined.state.totals["child_barred"]
    )


def no_value_judged(lab: RowLab) -> bool:
    """Off, hours of games and diapers may be anything."""
    rater, seen = lab.rater(load_row("S12").off), as_ever(lab).simulate().records
    other = seen.assign(gaming_hours=16.0, diapers=0)
    return alike(rater.score(seen).to_numpy(), rater.score(other).to_numpy())


def typical_friends(lab: RowLab) -> bool:
    """Off, whoever one's friends are, the score is the same."""
    setting = load_row("S13").off
    rater, seen = lab.rater(setting), lab.view(setting).X
    contacts = [name for name in seen if name.startswith("friends")]
    typical = seen.assign(**{name: seen[name].median() for name in contacts})
    return alike(lab.points(setting), rater.score(typical).to_numpy())


def nothing_bought(lab: RowLab) -> bool:
    """Off, points gained are those of a menu in which no boost was ever named."""
    case = lab.case(load_row("S16").off)
    return all(each.kind != "bought" for each in case.problem.actions)


def small_purpose(lab: RowLab) -> bool:
    """Off, the rater holds the records of three offices, of everybody, and no other."""
    columns = load_agency("national").model_copy(update={"streams": ("bills", "courts", "tax")})
    return bool((measured(lab, "S21") == len(columns.columns)).all())


def honest_list(lab: RowLab) -> bool:
    """Off, nobody is listed but by order or mistake, and that is what the screen says of them."""
    setting, options = load_row("S17").off, PoliticalOptions()
    case = Audited.of(lab.rater(setting), lab.society(setting), options, [], lab.seed)
    listed = case.ordered | case.mistaken
    records = case.records.assign(ordered=case.ordered)
    screen = political_screen(listed, case.marked, records).table
    said = screen.query("measure == 'difference' and information == 'records'")["estimate"].iloc[0]
    return bool(np.isclose(np.nanmean(measured(lab, "S17")), said, atol=1e-9))


#: Whether a row does nothing when it is off: nobody is moved, or the world is that without it.
NULLS: dict[str, Callable[[RowLab], bool]] = {
    "S1": lambda lab: bool((measured(lab, "S1") == 350).all()),
    "S2": lambda lab: blind(lab, "S2", ratings={"drivers": {"hukou": -5.0}}),
    "S3": lambda lab: bool((measured(lab, "S3") == 100).all()),
    "S4": lambda lab: (
        alike(
            measured(lab, "S4"),
            measured(lab, "S4", agency="bureau", changes={"companies": [1]}, knobs={}),
        )
        and same_world(lab, "S4")
    ),
    "S5": lambda lab: same_world(lab, "S5"),
    "S6": lambda lab: blind(lab, "S6", civic={"fines": 3.0}),
    "S7": lambda lab: not measured(lab, "S7").any(),
    "S8": lambda lab: not measured(lab, "S8").any() and same_years(lab, "S8", "no_list"),
    "S9": family_off,
    "S10": lambda lab: not measured(lab, "S10").any(),
    "S11": lambda lab: (
        blind(lab, "S11", platforms={"riders": 0.1, "daters": 0.9})
        and blind(lab, "S11", civic={"cheating": 5.0})
    ),
    "S12": no_value_judged,
    "S13": lambda lab: not measured(lab, "S13").any() and typical_friends(lab),
    "S14": lambda lab: same_years(lab, "S14", "no_list"),
    "S15": lambda lab: not measured(lab, "S15").any(),
    "S16": nothing_bought,
    "S17": honest_list,
    "S18": lambda lab: not measured(lab, "S18").any(),
    "S19": lambda lab: not measured(lab, "S19").any(),
    "S20": lambda lab: not measured(lab, "S20").any(),
    "S21": small_purpose,
    "S22": lambda lab: same_world(lab, "S22"),
    "S23": lambda lab: not lab.history(load_row("S23").off).state.totals.get("placed", 0.0),
    "S24": lambda lab: same_world(lab, "S24"),
}


@pytest.mark.parametrize("row", row_ids())
def test_a_row_does_nothing_off_and_something_on(row: str, found: SourceRows, lab: RowLab) -> None:
    assert NULLS[row](lab)
    effect = found.effect(row)
    assert effect.side() in ("above", "below"), effect.text()


def test_the_page_of_rows_is_what_the_code_prints(found: SourceRows) -> None:
    """Word for word; numbers may differ where another machine rounds otherwise."""
    docs = Path(__file__).parents[2] / "docs"
    printed, kept = runpy.run_path(str(docs / "rows.py"))["page"](found), docs / "rows.md"
    (words, numbers), (kept_words, kept_numbers) = map(apart, (printed, kept.read_text()))
    assert words == kept_words, "write it anew with `make rows`"
    assert numbers == pytest.approx(kept_numbers, rel=0.05, abs=0.1)


def apart(page: str) -> tuple[list[str], list[float]]:
    """Take a page's words and its numbers apart."""
    number = r"[−+]?\d[\d,]*(?:\.\d+)?"
    told = [each.replace("−", "-").replace(",", "") for each in re.findall(number, page)]
    return re.split(number, page), [float(each) for each in told]


def test_a_difference_of_shares_is_in_percentage_points_off_and_on(found: SourceRows) -> None:
    """Also where the measure itself is a difference, so that both positions are."""
    shares = [name for name in row_ids() if load_row(name).unit.startswith("difference of shares")]
    assert "S17" in shares
    for name in shares:
        cells = found.by_row(name).to_numpy().ravel()
        assert all("percentage points" in cell for cell in cells), cells


def test_every_row_of_the_document_has_one_file() -> None:
    assert row_ids() == [f"S{number}" for number in range(1, 25)]
    assert set(NULLS) == set(row_ids())


def test_a_switch_that_stays_off_changes_nothing(lab: RowLab) -> None:
    same = [load_row(name) for name in ("S5", "S8", "S10")]
    idle = [each.model_copy(update={"on": each.off}) for each in same]
    changed = rows(idle, citizens=500, societies=8).table.query("state == 'change'")
    assert (changed[["estimate", "low", "high"]] == 0).all(axis=None)


def test_joined_offices_are_the_only_difference_between_list_and_joint_punishment() -> None:
    alone, joined = load_policy("list_alone"), load_policy("joined")
    assert alone.lists == joined.lists
    assert alone.sanctions == joined.sanctions


def test_places_sum_to_the_same_whoever_ranks(lab: RowLab) -> None:
    each = load_row("S18").on
    for name in each.agencies:
        places = percentiles(lab.points(each.model_copy(update={"agency": name})))
        assert places.mean() == pytest.approx(50.0)
