"""The page on menus of one's own is true, and lists every key that a menu may have."""

import doctest
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.core.errors import MenuError
from credit_ml.response import Action, ColumnChange, Menu, load_menu

SET_BY_A_MENU = {"effects", "ties", "way", "function"}


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "menus.md").read_text("utf-8")


@pytest.fixture
def menu(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shown = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert shown
    path = tmp_path / "menu.toml"
    path.write_text(shown[1], "utf-8")
    return path


def test_the_page_runs(page: str, menu: Path) -> None:
    assert menu.exists()
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    example = doctest.DocTestParser().get_doctest(code[1], {}, "menus", "menus.md", 0)
    assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
    text = " ".join(example.globs["letter"].text().split())
    assert "We have decided on your request: a loan." in text
    assert "settle a late payment, 2 times" in text
    # Of 150 each time, beside a year of the person's own wage.
    wage = 12 * example.globs["frame"]["wage"][example.globs["person"]]
    assert example.globs["letter"].cost == pytest.approx(300 / wage)


def test_every_key_is_explained(page: str) -> None:
    for kind in (Action, ColumnChange, Menu):
        for key in set(kind.model_fields) - SET_BY_A_MENU:
            assert f"`{key}`" in page or f"{key} =" in page or f"[[{key}]]" in page, key


def people(menu: Path) -> tuple[cm.Dataset, Menu]:
    moved = load_menu(menu).needed
    frame = pd.DataFrame({name: np.arange(40) % 7 for name in moved if name != "job"})
    frame = frame.assign(job=["permanent", "none"] * 20, sex=["f", "m", "m", "f"] * 10)
    return cm.Dataset.from_frame(frame, target=None, sensitive="sex"), load_menu(menu)


def late(X: pd.DataFrame) -> pd.Series:
    return 10.0 - X["late"]


def test_prices_without_incomes_are_refused_where_nobody_says_their_unit(menu: Path) -> None:
    data, own = people(menu)
    for call in (
        lambda: cm.recourse(late, data, threshold=8, menu=own),
        lambda: cm.notice(late, data, 6, threshold=8, decision="a loan", menu=own),
    ):
        with pytest.raises(MenuError, match=r"menu 'loans': has prices \(settle\).*give income="):
            call()
    held = cm.recourse(late, data, threshold=8, menu=own, income=np.full(40, 100.0))
    assert held.people["cost"].max() == pytest.approx(3 * 150 / 1200)


def test_a_letter_without_a_menu_says_that_it_does_not_say_what_helps(menu: Path) -> None:
    data, _ = people(menu)
    letter = cm.notice(lambda X: 10.0 - X["months"], data, 6, threshold=8, decision="a loan")
    assert letter.status == "not said"
    assert letter.verify() == []
    assert "nobody has said what people can do" in " ".join(letter.text().split())
    granted = cm.notice(lambda X: 10.0 - X["months"], data, 0, threshold=8, decision="a loan")
    assert (granted.status, granted.then) == ("granted already", 10.0)


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_telling_where_an_action_sets_a_category(menu: Path, dtype: str) -> None:
    """A line a unit says nothing of categories, and the whole score does."""
    data, own = people(menu)
    frame = data.X.assign(job=data.X["job"].astype(dtype), sex=data.sensitive["sex"])
    data = cm.Dataset.from_frame(frame, target=None, sensitive="sex")

    def score(X: pd.DataFrame) -> pd.Series:
        return 5.0 * (X["job"].astype(str) == "permanent") - 0.1 * X["late"]

    asked = cm.response.ResponseOptions(
        menu=own, income=np.full(40, 1000.0), privileges={"a loan": {"threshold": 3, "value": 0.5}}
    )
    found = cm.disclose(score, data, regimes=["weights", "full"], response=asked)
    acting = found.where(measure="share_who_act", quantity="value", sensitive="overall").table
    acting = acting.set_index("regime")["estimate"]
    assert acting["full"] == 0.5
    assert acting["weights"] < acting["full"]
