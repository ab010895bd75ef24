"""A nation, city by city, says what everybody in memory says, however the work was spread."""

import json
import pickle
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from credit_ml.core import BLOCK, StudyError
from credit_ml.core.instrument import instruments
from credit_ml.studies import Study, kinds, run_nation
from credit_ml.studies.nation import run as running
from credit_ml.studies.nation.city import CityBlock, as_cell, read_city
from credit_ml.studies.nation.over import few_note
from credit_ml.studies.nation.plan import from_bytes, nation_of

CITIZENS = 2 * BLOCK + 3000
HEAD = {
    "id": "small",
    "title": "Small",
    "question": "Is there a gap?",
    "prediction": "Yes.",
    "refutation": "No.",
    "seed": 1,
}


def study(folder, **more):
    """A study of a nation of three cities, cheap in what is asked of the sample."""
    return Study.from_dict(
        {
            "study": HEAD,
            "world": {
                "name": "baseline",
                "citizens": CITIZENS,
                "seed": 3,
                "changes": {"address": {"citizens_per_city": BLOCK, "people_per_district": 400}},
            },
            "raters": [{"agency": "sesame", "scorers": ["logistic", "tree"]}],
            "sensitive": ["hukou", "gender"],
            "lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"},
            "disclosure": {"people": 50},
            "explain": {"people": 100},
            "nation": {"training": 4000, "training_cities": 2, "sample": 1500},
            "report": {"path": str(folder / "small.html")},
            **more,
        }
    )


HOW = {"track": False, "progress": False}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ran")
    results = run_nation(study(folder), folder=folder / "cells", workers=1, **HOW)
    return folder, results


@pytest.fixture(scope="module")
def plan(ran):
    folder, _ = ran
    return nation_of(study(folder), folder / "cells")


@pytest.fixture(scope="module")
def society(plan):
    return plan.world.simulate()


def the_same(found, expected, *, within=1e-9):
    """Compare two tables, rows in any order."""
    keys = [name for name in expected if expected[name].dtype == object and name != "reason"]
    keys += [name for name in ("bin", "city") if name in expected]
    one, two = (
        each.assign(**{name: each[name].astype(str) for name in keys}).sort_values(keys)
        for each in (found, expected)
    )
    assert one[keys].to_numpy().tolist() == two[keys].to_numpy().tolist()
    for name in ("estimate", "low", "high", "people", "clusters"):
        np.testing.assert_allclose(
            one[name].astype(float), two[name].astype(float), rtol=within, atol=within
        )


def whole(plan, society, place, name):
    """What an instrument finds of everybody, who lie in memory."""
    fitted, instrument = plan.fitted()[place], instruments()[name]
    context = plan.context(instrument, fitted, society)
    found = instrument.run if instrument.estimate is None else instrument.estimate
    told = found(context)
    return list(told.values()) if hasattr(told, "values") else list(told)


def test_citizens_are_those_of_the_society_in_memory(plan, society, ran):
    folder, _ = ran
    everybody = study(folder, nation={"training": 4000, "sample": CITIZENS})
    all_of_them = nation_of(everybody, folder / "everybody")
    running.make_cities(all_of_them, running.Workers(), running.Progress())
    samples = [
        read_city(all_of_them.cells.needed(CityBlock(nation=all_of_them, number=n).name))["sample"]
        for n in range(plan.cities)
    ]
    people = from_bytes(plan.world, [each.tobytes() for each in samples])
    for table in ("people", "records", "outcome", "truth", "holders"):
        pd.testing.assert_frame_equal(getattr(people, table), getattr(society, table))


@pytest.mark.parametrize("place", [0, 1])
def test_an_audit_is_that_of_everybody(ran, plan, society, place):
    _, results = ran
    (found,), (expected,) = (
        results.raters[place].of_kind("audit"),
        whole(plan, society, place, "audit"),
    )
    the_same(found.table, expected.table)
    assert (found.title, found.notes) == (expected.title, (*expected.notes, few_note(3)))
    assert found.parameters == expected.parameters


@pytest.mark.parametrize("place", [0, 1])
def test_losses_are_those_of_everybody_and_areas_within_their_bound(ran, plan, society, place):
    _, results = ran
    (found,), (expected,) = (
        results.raters[place].of_kind("quality"),
        whole(plan, society, place, "quality"),
    )
    areas = found.table["measure"] == "auc"
    the_same(found.table[~areas], expected.table[expected.table["measure"] != "auc"])
    keys = ["sensitive", "group"]
    both = found.table[areas].merge(expected.table.query("measure == 'auc'"), on=keys)
    bound = float(found.notes[1].split("at most ")[1].split(";")[0])
    assert (both["estimate_x"] - both["estimate_y"]).abs().max() <= bound
    widths = [(both[f"high_{k}"] - both[f"low_{k}"]) for k in "xy"]
    assert ((widths[0] / widths[1]) > 0.5).all()
    assert ((widths[0] / widths[1]) < 2).all()


def test_what_is_sampled_is_what_the_sample_says(ran, plan, society):
    _, results = ran
    rows = np.concatenate(
        [
            plan.drawn(n, plan.option.sample, range(plan.cities), "sample") + plan.city(n).start
            for n in range(plan.cities)
        ]
    )
    assert len(rows) == plan.option.sample
    from credit_ml.society.storage.shards import without_ties

    tables = ("people", "records", "outcome", "truth", "holders")
    sample = without_ties(
        plan.world, {t: getattr(society, t).iloc[rows].reset_index(drop=True) for t in tables}
    )
    asked = [each for each in plan.asked() if each.merging is None and each.stage == "rater"]
    assert {each.id for each in asked} == {"calibration", "comparison", "disclosure", "explanation"}
    for instrument in asked:
        context = plan.context(instrument, plan.fitted()[0], sample)
        named = {
            "hukou": "urban",
            "gender": results.raters[0].of_kind("audit")[0].by("gender")["count"].idxmax(),
        }
        expected = list(instrument.sampled(replace(context, reference_groups=named)))
        found = results.raters[0].of_kind(expected[0].kind)
        for one, two in zip(found, expected, strict=True):
            pd.testing.assert_frame_equal(one.table, two.table)
            *notes, few, drawn = one.notes
            assert (notes, few) == (list(two.notes), few_note(3))
            assert "1,500 of 35,768 citizens" in drawn


def test_cities_stand_beside_each_other(ran, plan, society):
    _, results = ran
    (found,) = results.raters[0].of_kind("nation")
    dataset = plan.context(instruments()["audit"], plan.fitted()[0], society)
    for city in range(plan.cities):
        here = (society.people["city"] == city).to_numpy()
        rural = (society.people["hukou"] == "rural").to_numpy()
        decided = dataset.decided.to_numpy()
        gap = decided[here & rural].mean() - decided[here & ~rural].mean()
        row = found.table.query(f"city == {city} and quantity == 'difference'")
        assert row["estimate"].item() == pytest.approx(gap)


def test_audit_checks_are_made_and_say_where_they_looked_at_the_sample(ran, plan):
    _, results = ran
    found = {each.check: each for each in results.diagnostics}
    # Knobs that nobody measured are the world's, whoever is drawn.
    assert found["CM701"].rater == f"a sample of 1,500 of {plan.world.citizens:,} citizens"
    names = {rater.name for rater in results.raters}
    for each in results.diagnostics:
        assert "sample" in each.rater or set(each.rater.split(" and ")) <= names
    stored = type(results).from_json(results.to_json())
    assert stored.diagnostics == results.diagnostics


def test_what_needs_all_ties_at_once_is_named(ran):
    _, results = ran
    assert "consequences" in results.settings["left_out"]
    assert results.data["people"] == CITIZENS


def test_a_finished_nation_is_not_made_again(ran, monkeypatch):
    folder, results = ran
    written = (folder / "small.html").stat().st_mtime_ns
    monkeypatch.setattr(running, "make_cities", None)
    again = run_nation(study(folder), folder=folder / "cells", workers=1, **HOW)
    assert again.to_json() == results.to_json()
    assert (folder / "small.html").stat().st_mtime_ns == written


def test_nobody_and_no_mail_is_kept(ran, plan):
    assert not plan.archive.folder.exists()
    people = sum(len(each.read_bytes()) for each in plan.cells.folder.glob("*"))
    assert people < 60 * CITIZENS + 40_000_000


def cells_of(plan):
    """Bytes of every cell by its name, which holds a checksum of them."""
    return {
        path.name: path.read_bytes()
        for path in plan.cells.folder.glob("*")
        if path.suffix in (".npz", ".parquet")
    }


def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(plan, tmp_path):
    distributed = pytest.importorskip("distributed")
    again = nation_of(study(tmp_path), tmp_path / "cells")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        running.make_cities(again, running.Workers(client=client), running.Progress())
    assert cells_of(again) == cells_of(plan)


def killed_at_random(plan, generator):
    """Make a nation with two processes, and kill one of them at a random moment."""
    code = (
        "import pickle, sys; from credit_ml.studies.nation.run import *;"
        "make_cities(pickle.loads(sys.stdin.buffer.read()), Workers(workers=2), Progress())"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdin.write(pickle.dumps(plan))
        run.stdin.close()
        killed, ends = 0, time.monotonic() + 600
        while run.poll() is None and time.monotonic() < ends:
            time.sleep(0.05)
            with suppress(psutil.Error):  # whoever has just gone
                children = psutil.Process(run.pid).children(recursive=True) if not killed else []
                busy = [each for each in children if "popen_loky" in " ".join(each.cmdline())]
                if busy:
                    time.sleep(generator.uniform(0.0, 1.0))
                    busy[int(generator.integers(len(busy)))].kill()
                    killed += 1
        run.kill()
    return killed, run.returncode


def test_a_killed_worker_costs_its_city_alone(plan, tmp_path):
    again = nation_of(study(tmp_path), tmp_path / "cells")
    killed, ended = killed_at_random(again, np.random.default_rng(1))
    assert (killed, ended) == (1, 0)
    before = cells_of(again)
    assert before == cells_of(plan)  # made by processes, and again where one was lost
    running.make_cities(again, running.Workers(), running.Progress())
    after = cells_of(again)
    assert before.items() <= after.items()
    assert after == cells_of(plan)


def test_a_damaged_city_is_made_again_and_counted_once(plan, tmp_path):
    again = nation_of(study(tmp_path), tmp_path / "cells")
    shutil.copytree(plan.cells.folder, again.cells.folder)
    city = next(again.cells.folder.glob("city-00001.*"))
    city.write_bytes(b"cut")
    with pytest.warns(UserWarning, match="was changed"):
        assert [each.number for each in running.missing_cities(again)] == [1]
    running.make_cities(again, running.Workers(), running.Progress())
    assert cells_of(again) == cells_of(plan)


@pytest.mark.parametrize("held", ["other", "file"])
def test_a_folder_of_something_else_is_refused(tmp_path, held):
    folder = tmp_path / "cells"
    folder.mkdir()
    if held == "other":
        (folder / "study.json").write_text(json.dumps({"study": "another"}))
    else:
        (folder / "letters.txt").write_text("mine")
    before = sorted(folder.iterdir())
    with pytest.raises(StudyError, match=r"another|letters") as error:
        run_nation(study(tmp_path), folder=folder, **HOW)
    assert "\n" not in str(error.value)
    assert sorted(folder.iterdir()) == before


def test_too_small_a_disk_is_said_with_the_need_before_any_work(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(running.shutil, "disk_usage", lambda place: usage)
    with pytest.raises(StudyError, match=r"0\.0 GB free, and 3 cities need 0\.0 GB"):
        run_nation(study(tmp_path), folder=tmp_path / "cells", **HOW)
    assert not list((tmp_path / "cells").glob("*/*"))


def test_a_scorer_that_cannot_be_sent_is_said(plan, society, monkeypatch):
    monkeypatch.setattr(
        "credit_ml.agencies.rater.Rater.__reduce__",
        lambda rater: (_ for _ in ()).throw(TypeError("a lock")),
        raising=False,
    )
    with pytest.raises(StudyError, match=r"rater sesame \(logistic\): cannot be sent .*a lock"):
        plan.fit(society, 0)


def test_what_a_table_asks_and_only_everybody_at_once_can_answer_is_refused(tmp_path):
    asked = study(tmp_path, rounds={"policies": ["list_alone"]})
    for ask in (run_nation, running.planned_nation):
        with pytest.raises(StudyError, match=r"rounds: needs everybody.* leave out .*\[rounds\]"):
            ask(asked, folder=tmp_path / "cells")
    assert not (tmp_path / "cells").exists()


def test_run_study_goes_city_by_city_where_a_study_says_nation(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(running, "run_nation", lambda study, **how: asked.append(study.study.id))
    kinds.run_study(study(tmp_path))
    assert asked == ["small"]


def test_a_plan_says_how_each_instrument_answers(tmp_path):
    said = running.planned_nation(study(tmp_path), tmp_path / "cells")
    assert "audit (added up)" in said
    assert "disclosure (of a sample)" in said
    assert "portrait (left out" in said
    assert "0 of 3 cities are kept" in said
    assert not (tmp_path / "cells").exists()


def test_another_kind_of_study_is_refused():
    with pytest.raises(StudyError, match="give a study of one society"):
        run_nation("small.toml")


KINDS = st.sampled_from(["int32", "float64", "uint8"])
NAMES = st.text("ab.0", min_size=1, max_size=6).map(lambda name: f"{name}z")


@given(held=st.dictionaries(NAMES, arrays(KINDS, array_shapes(min_side=0)), max_size=4))
def test_a_city_is_read_as_it_was_written_and_its_bytes_know_no_clock(held):
    content = as_cell(held)
    assert content == as_cell(held)
    read = read_city(content)
    assert list(read) == list(held)
    for name, values in held.items():
        assert read[name].dtype == values.dtype
        assert np.array_equal(read[name], values, equal_nan=values.dtype.kind == "f")
