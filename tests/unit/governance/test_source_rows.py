"""A row is a file; what it does is a table, sentences and a figure."""

import pytest

from credit_ml.core import CreditMLError, InputError
from credit_ml.governance import SourceRows, load_row, row_ids, rows
from credit_ml.governance.source_rows.measures import measures
from credit_ml.governance.source_rows.row import CATALOGUE


@pytest.fixture(scope="module")
def found() -> SourceRows:
    return rows(["S3", "S5"], citizens=400, societies=8)


@pytest.mark.parametrize("name", row_ids())
def test_a_file_of_the_catalogue_can_be_used(name: str) -> None:
    row = load_row(name)
    assert row.id == name
    assert row.measure in measures()
    assert row.off != row.on


def test_all_positions_of_a_switch_add_up(found: SourceRows) -> None:
    wide = found.table.pivot_table(
        index=["row", "quantity", "sensitive", "group"], columns="state", values="estimate"
    )
    assert (wide["on"] - wide["off"] - wide["change"]).abs().max() < 1e-9


def test_it_is_said_in_words_and_drawn(found: SourceRows) -> None:
    text = found.text()
    assert "S5 Central payment clearing" in text
    assert "for rural citizens less urban citizens" in found.sentence("S3")
    axes = found.plot(row="S5")
    assert "S5" in axes.get_title(loc="left")
    assert found.metrics()["source_rows.S5"] == pytest.approx(found.effect("S5").estimate)


def test_another_feature_has_its_own_reference(found: SourceRows) -> None:
    other = rows("S3", sensitive=["gender"], citizens=400, societies=8)
    assert set(other.table["sensitive"]) == {"overall", "gender"}
    one = found.table.query("row == 'S3' and sensitive == 'overall' and state == 'on'")
    two = other.table.query("sensitive == 'overall' and state == 'on'")
    assert one["estimate"].tolist() == two["estimate"].tolist()


def test_a_row_of_ones_own_is_a_file(tmp_path) -> None:
    text = (CATALOGUE / "s03.toml").read_text().replace('agency = "council"', 'agency = "values"')
    path = tmp_path / "mine.toml"
    path.write_text(text)
    assert rows(path, citizens=300, societies=8).sentence("S3").startswith("The points")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"named": "S25"}, "row: 'S25' is unknown"),
        ({"named": []}, "rows: are none"),
        ({"named": "S3", "societies": 3}, "societies: is 3; give at least 8"),
        ({"named": "S3", "sensitive": "colour"}, "colour"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(asked, said) -> None:
    with pytest.raises(CreditMLError, match=said):
        rows(**{"citizens": 300, "societies": 8} | asked)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('measure = "points"', 'measure = "poinst"', "measure: 'poinst' is unknown"),
        ('shows = "difference"', 'show = "difference"', "show: is unknown"),
        ('agency = "council"', 'agency = "concil"', "agency: 'concil' is unknown"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_one_line(tmp_path, old, new, said) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((CATALOGUE / "s03.toml").read_text().replace(old, new))
    with pytest.raises(InputError, match=said):
        rows(path, citizens=300, societies=8)
