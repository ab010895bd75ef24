"""A sweep of disclosure: checked before it runs, kept by society, resumed, told in a report."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import CreditMLError, StudyError, TableError
from credit_ml.disclosure import disclosure_sweep
from credit_ml.reports import render
from credit_ml.studies import SweepStudy, load_study, run_study
from credit_ml.studies.cells.work import all_names

GIVEN = {
    "study": {
        "id": "small",
        "title": "Small",
        "question": "What?",
        "prediction": "Some.",
        "refutation": "None.",
        "seed": 3,
    },
    "worlds": ["baseline"],
    "raters": [{"agency": "sesame", "scorers": ["scorecard"]}],
    "lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"},
    "regimes": ["nothing", "factors", "friends", "full"],
    "sees": ["all", "no friends"],
    "refitted": ["nothing", "full"],
    "refits": 1,
    "citizens": 400,
    "societies": 2,
    "menu": "twelve",
    "variants": [{"id": "improving alone", "kinds": ["improving"]}],
}


def study(path, **changes):
    return SweepStudy.from_dict(GIVEN | {"report": {"path": str(path)}} | changes)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    results = run_study(
        study(folder / "page.html"), folder=folder / "cells", workers=1, track=False, progress=False
    )
    return folder, results


def kept(folder):
    return {path.name: path.read_bytes() for path in (folder / "cells").rglob("*.parquet")}


def told(results, **where):
    table = results.findings[0].table
    default = {
        "world": "(all)",
        "sees": "all",
        "variant": "default",
        "answer": "naive",
        "refits": 0,
        "sensitive": "overall",
        "against": "",
    }
    for name, value in (default | where).items():
        table = table[table[name] == value]
    return table.set_index("regime")["estimate"]


def test_every_society_and_rater_is_a_file_and_the_report_answers_first(ran):
    folder, results = ran
    assert len(kept(folder)) == 2 * 2
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page == render(results)
    assert "elling nothing instead of the whole model" in page
    assert page.index("elling nothing instead") < page.index('id="methods"')


def test_a_stopped_run_goes_on_where_it_was(ran):
    folder, results = ran
    before = kept(folder)
    next((folder / "cells").rglob("*-no_friends-1.*.parquet")).unlink()
    again = run_study(
        study(folder / "page.html"), folder=folder / "cells", workers=1, track=False, progress=False
    )
    assert kept(folder) == before
    assert again.to_json() == results.to_json()


def test_more_societies_are_added_to_those_that_are_kept():
    few, many = study("a.html"), study("a.html", societies=5)
    assert few.digest() == many.digest()
    few, many = (all_names(list(each.blocks())) for each in (few, many))
    assert set(few) < set(many)


def test_nobody_acts_when_nothing_is_told_and_all_is_known_when_all_is(ran):
    acts, known = (told(ran[1], measure=name) for name in ("share_who_act", "knowledge"))
    assert acts["nothing"] == 0 < acts["full"]
    assert known["nothing"] == 0
    assert known["full"] == pytest.approx(1)


def test_a_rater_that_leaves_out_what_can_be_gamed_is_not_gamed(ran):
    gamed = told(ran[1], measure="share_who_game", answer="robust")
    assert gamed["full"] == 0


def test_a_menu_of_improvements_alone_is_no_game(ran):
    gamed = told(ran[1], measure="share_who_game", variant="improving alone")
    assert gamed["full"] == 0
    assert told(ran[1], measure="share_who_act", variant="improving alone")["full"] > 0


def test_each_assumption_is_changed_as_it_says():
    from credit_ml.agencies import load_agency
    from credit_ml.society import World
    from credit_ml.studies.sweeps.disclosure_cells import VariantPart

    society = World(citizens=300, seed=1).simulate()
    rater = load_agency("sesame").fit(society)
    dataset, asked = rater.agency.view(society), study("a.html")

    def options(**changes):
        return VariantPart(id="changed", **changes).options(asked, rater, dataset)

    plain = options()
    assert [each.threshold for each in plain.privileges] == [650, 700, 750]
    assert [each.threshold for each in options(threshold_shift=-50).privileges] == [600, 650, 700]
    tripled = [each.value for each in options(worth_multiplier=3.0).privileges]
    assert tripled == pytest.approx([0.03, 0.06, 0.09])
    backwards = [each.id for each in options(reverse=True).menu.actions]
    assert backwards == [each.id for each in plain.menu.actions][::-1]
    assert {each.id for each in plain.menu.actions} - {
        each.id for each in options(drop=["buy_ratings"]).menu.actions
    } == {"buy_ratings"}
    assert np.ptp(options(same_income=True).income) == 0
    regimes = VariantPart(id="changed", prior_scale=0.25).regimes(["prior", "full"])
    assert [each.prior_scale for each in regimes] == [0.25, 0.25]


def test_only_asked_regimes_are_refitted_to(ran):
    assert set(told(ran[1], measure="auc", refits=1).index) == {"nothing", "full"}


def test_a_difference_is_that_of_the_levels(ran):
    level, less = (told(ran[1], measure="auc", against=base) for base in ("", "full"))
    assert less["nothing"] == pytest.approx(level["nothing"] - level["full"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"worlds": ["baselin"]}, "did you mean 'baseline'"),
        ({"regimes": ["nothing", "ful"]}, "did you mean 'full'"),
        ({"sees": ["no friend"]}, "did you mean 'no friends'"),
        ({"answers": ["naiv"]}, "did you mean 'naive'"),
        ({"refitted": ["weights"]}, "weights"),
        ({"menu": "no_such.toml"}, "is not there"),
        ({"raters": [{"agency": "council"}]}, "scores by fixed rules"),
        ({"variants": [{"id": "a", "worlds": ["segregated"]}]}, "segregated"),
        ({"variants": [{"id": "a", "drop": ["buy_rating"]}]}, "did you mean 'buy_ratings'"),
        ({"variants": [{"id": "a", "menu": "no_such.toml"}]}, "is not there"),
        ({"variants": [{"id": "a", "opaque": ["prior"]}]}, "prior"),
        ({"opaque": ["nothin"]}, "did you mean 'nothing'"),
        ({"refit_worlds": ["segregated"]}, "segregated"),
        ({"societies": 1}, "societies"),
        ({"citizen": 3}, "citizen"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_runs(changes, words, tmp_path):
    with pytest.raises(CreditMLError, match=words) as caught:
        study(tmp_path / "page.html", **changes)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_the_study_of_the_repository_can_be_read():
    from pathlib import Path

    root = Path(__file__).parents[4]
    assert len(list(load_study(root / "experiments" / "disclosure.toml").blocks())) > 0
    with pytest.raises(StudyError, match="is not there"):
        load_study("no_such.toml")


def test_intervals_count_seeds_and_not_societies():
    """Worlds of one seed share their chance: five that move as one are no five draws."""
    place = {
        "quantity": "value",
        "measure": "auc",
        "sensitive": "overall",
        "group": "all",
        "reference_group": "",
        "unit": "",
        "scorer": "opaque",
        "sees": "all",
        "variant": "default",
        "answer": "naive",
        "refits": 0,
        "regime": "full",
    }
    values = [0.70, 0.74, 0.72]
    cells = pd.DataFrame(
        [
            place | {"world": world, "seed": seed, "estimate": value}
            for world in ("a", "b", "c", "d", "e")
            for seed, value in enumerate(values)
        ]
    )
    found = disclosure_sweep(cells, regimes="full", lead={})
    row = found.table[found.table["world"] == "(all)"].iloc[0]
    half = stats.t.ppf(0.975, 2) * np.std(values, ddof=1) / np.sqrt(3)
    assert row["high"] - row["estimate"] == pytest.approx(half)
    assert (found.parameters["societies"], found.parameters["seeds"]) == (15, 3)


def test_cells_that_lack_something_are_refused():
    with pytest.raises(TableError, match="cells"):
        disclosure_sweep(pd.DataFrame({"world": []}), regimes=(), lead={})
