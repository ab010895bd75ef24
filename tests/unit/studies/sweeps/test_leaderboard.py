"""A leaderboard study: checked before it runs, kept cell by cell, resumed, and told in a report."""

import pytest

from credit_ml.core import CreditMLError
from credit_ml.reports import render
from credit_ml.studies import LeaderboardStudy, run_study

GIVEN = {
    "study": {
        "id": "small",
        "title": "Small",
        "question": "Which?",
        "prediction": "Some.",
        "refutation": "None.",
        "seed": 3,
    },
    "worlds": ["segregated"],
    "raters": [{"agency": "sesame", "scorers": ["scorecard"]}],
    "sensitive": ["hukou"],
    "reference_groups": {"hukou": "urban"},
    "estimators": ["block_shapley", "kitagawa_oaxaca_blinder", "leave_out"],
    "sizes": [{"people": 300, "samples": 2}, {"people": 600, "samples": 2, "skip": ["leave_out"]}],
    "truth": {
        "training": 800,
        "citizens": 800,
        "source_citizens": 500,
        "source_people": 100,
        "permutations": 2,
    },
}


def study(path, **changes):
    return LeaderboardStudy.from_dict(GIVEN | {"report": {"path": str(path)}} | changes)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaderboard")
    asked = study(folder / "page.html")
    results = run_study(asked, folder=folder / "cells", workers=1, track=False, progress=False)
    return folder, asked, results


def kept(folder):
    return {path.name: path.read_bytes() for path in (folder / "cells").rglob("*.parquet")}


def test_every_cell_is_a_file_and_the_report_is_written(ran):
    folder, _, results = ran
    assert len(kept(folder)) == 2 + 1 + 2 + 2  # carriers of each size, sources, samples
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page == render(results)
    assert "without the truth" in page


def test_a_stopped_run_goes_on_where_it_was(ran):
    folder, asked, results = ran
    before = kept(folder)
    lost = next(path for path in (folder / "cells").rglob("*-600-1.*.parquet"))
    lost.unlink()
    again = run_study(asked, folder=folder / "cells", workers=1, track=False, progress=False)
    assert kept(folder) == before
    assert again.to_json() == results.to_json()


def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(ran, tmp_path):
    distributed = pytest.importorskip("distributed")
    folder, asked, _ = ran
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path / "scratch"),
        ) as here,
        distributed.Client(here) as client,
    ):
        given = {"folder": tmp_path / "cells", "output": tmp_path / "page.html", "track": False}
        run_study(asked, client=client, progress=False, **given)
    assert kept(tmp_path) == kept(folder)
    for name in ("page.html", "page.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_estimators_stand_where_they_were_asked(ran):
    found = ran[2].findings[0].table
    asked = set(found[(found["size"] == "600")]["estimator"])
    assert asked == {"block_shapley", "kitagawa_oaxaca_blinder", "nothing"}
    assert set(found["target"]) == {"carrier", "source"}


def test_on_a_sum_two_estimators_say_the_same_of_the_gap(ran):
    # Kitagawa-Oaxaca-Blinder has no references, block Shapley one a person: errors are alike.
    told = ran[2].findings[0].metrics()
    block = told["leaderboard.carrier.error.block_shapley"]
    exact = told["leaderboard.carrier.error.kitagawa_oaxaca_blinder"]
    assert abs(block - exact) < 0.5 * exact


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"estimators": ["block_shapely"]}, "did you mean 'block_shapley'"),
        ({"worlds": ["baselin"]}, "did you mean 'baseline'"),
        ({"sensitive": ["hukuo"]}, "did you mean 'hukou'"),
        ({"options": {"block_shapley": {"bins": 3}}}, "has no option 'bins'"),
        ({"sizes": [{"people": 300, "samples": 2, "skip": ["permute"]}]}, "permute"),
        ({"sizes": [{"people": 300, "samples": 1}]}, "samples"),
    ],
)
def test_bad_studies_are_refused_before_any_work(changes, words, tmp_path):
    with pytest.raises(CreditMLError, match=words):
        study(tmp_path / "page.html", **changes)
