"""Whom a record would list is asked in other societies too where the world is at hand."""

import pytest

from credit_ml.core.instrument import instruments
from credit_ml.reports import render
from credit_ml.studies.run import without_report
from credit_ml.studies.study import Study

GIVEN = {
    "study": {
        "id": "small",
        "title": "Small",
        "question": "Who is listed?",
        "prediction": "Some.",
        "refutation": "None.",
        "seed": 3,
    },
    "world": {"name": "baseline", "citizens": 600},
    "raters": [{"agency": "council"}],
    "sensitive": ["hukou"],
    "reference_groups": {"hukou": "urban"},
    "lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"},
    "report": {"path": "small.html"},
}


@pytest.fixture(scope="module", params=[0, 8])
def results(request):
    study = Study.from_dict(GIVEN | {"resample_societies": request.param})
    alone = instruments()["consequences_of_society"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Study, "asked", lambda _: iter([alone]))
        return request.param, without_report(study, workers=1)


def listed(results):
    return next(each for each in results.findings if "list" in each.title)


def test_its_intervals_are_over_societies_where_a_study_asks_for_them(results):
    societies, found = results
    own = listed(found).table
    shares = own[(own["measure"] == "share_listed") & own["low"].notna()]
    assert (shares["over"] == "societies").all() == bool(societies)
    assert ((own["low"] <= own["estimate"] + 1e-9) | own["low"].isna()).all()


def test_the_page_says_so_where_they_count_the_people_of_one(results):
    societies, found = results
    said = "Brackets here count this one society's people" in render(found).replace("&#39;", "'")
    assert said != bool(societies)
