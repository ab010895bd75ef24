"""A study file says everything that findings depend on, and nothing else."""

import pytest
from pydantic import ValidationError

from credit_ml.core import InputError, StudyError, WorldError
from credit_ml.studies import Study, load_study

HEADER = {
    "id": "tiny",
    "title": "A tiny study",
    "question": "Is there a gap?",
    "prediction": "Yes.",
    "refutation": "No.",
    "seed": 1,
}


def told(**changes):
    """Return a study as plain values, some of its tables replaced."""
    return {
        "study": HEADER,
        "world": {"name": "baseline", "citizens": 600},
        "raters": [{"agency": "council"}],
        "sensitive": ["hukou"],
        "report": {"path": "reports/tiny.html"},
    } | changes


def tiny(**changes):
    return Study.from_dict(told(**changes))


@pytest.mark.parametrize("name", ["wechat.toml", "reference/study.toml"])
def test_the_studies_of_the_repository_can_be_read(repository, name):
    study = load_study(repository / "experiments" / name)
    assert study.study.question
    assert study.study.prediction
    assert study.study.refutation


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sensitiv": ["hukou"]}, ("sensitiv", "did you mean 'sensitive'")),
        ({"world": {"name": "baseline", "citizen": 600}}, ("citizen", "did you mean 'citizens'")),
        ({"world": {"name": "basline", "citizens": 600}}, ("basline", "did you mean 'baseline'")),
        ({"world": {"name": "baseline", "citizens": 0}}, ("world, citizens", "is 0")),
        ({"raters": [{"agency": "sesam"}]}, ("sesam", "did you mean 'sesame'")),
        ({"raters": []}, ("raters", "is []")),
        ({"raters": [{"agency": "council"}] * 2}, ("council (rules)", "twice")),
        ({"sensitive": ["hukuo"]}, ("hukuo", "did you mean 'hukou'")),
        ({"sensitive": []}, ("sensitive", "is []")),
        ({"intervals": 95}, ("intervals", "is 95")),
        ({"resample_societies": 7}, ("societies: is 7", "give at least 8")),
        ({"audit": {"intersections": "some"}}, ("audit, intersections", "is")),
        ({"disclosure": {"regimes": ["ful"]}}, ("ful", "did you mean 'full'")),
        ({"reference_groups": {"hukou": "rurall"}}, ("rurall", "did you mean 'rural'")),
        ({"reference_groups": {"gender": "man"}}, ("gender", "known: hukou")),
        ({"study": HEADER | {"seed": -1}}, ("study, seed", "is -1")),
        ({"study": HEADER | {"question": ""}}, ("study, question", "is ''")),
        ({"workers": 2}, ("workers", "is unknown")),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place_and_remedy(changes, said):
    with pytest.raises(InputError) as refused:
        Study.from_dict(told(**changes), place="mine.toml")
    line = str(refused.value)
    assert "\n" not in line
    assert line.count("; ") >= 1
    for part in said:
        assert part in line


@pytest.mark.parametrize("key", ["study", "world", "raters", "sensitive", "report"])
def test_what_is_missing_is_named(key):
    given = told()
    del given[key]
    with pytest.raises(StudyError, match=f"mine.toml: {key}: is missing"):
        Study.from_dict(given, place="mine.toml")


@pytest.mark.parametrize("text", ["", "# nothing but a comment", "[study", "a = \xff"])
def test_a_file_that_holds_no_study_is_refused(tmp_path, text):
    path = tmp_path / "study.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(StudyError, match=r"study\.toml"):
        load_study(path)


def test_a_file_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(StudyError, match="is not there"):
        load_study(tmp_path / "absent.toml")


def test_the_digest_tells_studies_apart_but_not_where_they_lie():
    study = tiny()
    assert study.digest() == tiny().digest()
    assert study.digest() == Study.from_dict(told(), source="elsewhere/study.toml").digest()
    assert study.digest() != tiny(world={"name": "baseline", "citizens": 601}).digest()
    assert study.digest() != tiny(study=HEADER | {"seed": 2}).digest()
    assert study.digest() != tiny(raters=[{"agency": "sesame"}]).digest()


def test_knobs_of_the_world_can_be_changed():
    changes = {"outcome": {"base": 2.5}}
    world = tiny(world={"name": "baseline", "citizens": 600, "changes": changes}).make_world()
    assert world.to_dict()["outcome"]["base"] == 2.5
    assert world.to_dict()["history"] == tiny().make_world().to_dict()["history"]


def test_a_knob_that_does_not_exist_is_refused():
    with pytest.raises(WorldError, match="did you mean 'outcome'"):
        tiny(world={"name": "baseline", "citizens": 600, "changes": {"outcom": {}}})


def test_citizens_are_not_a_knob():
    with pytest.raises(WorldError, match=r"give world\.citizens"):
        tiny(world={"name": "baseline", "citizens": 600, "changes": {"citizens": 10}})


def test_an_agency_of_ones_own_lies_beside_the_study(repository, tmp_path):
    packaged = repository / "credit_ml" / "agencies" / "catalogue" / "council.toml"
    (tmp_path / "mine.toml").write_text(packaged.read_text().replace('"council"', '"village"', 1))
    study = Study.from_dict(
        told(raters=[{"agency": "mine.toml"}]), source=str(tmp_path / "study.toml")
    )
    assert [agency.id for agency in study.agencies()] == ["village"]


def test_each_scorer_is_a_rater_and_the_agencys_own_is_the_default():
    raters = [{"agency": "sesame", "scorers": ["opaque", "scorecard"]}, {"agency": "council"}]
    kinds = [agency.scorer.kind for agency in tiny(raters=raters).agencies()]
    assert kinds == ["opaque", "scorecard", "rules"]


def test_a_study_cannot_be_changed():
    with pytest.raises(ValidationError):
        tiny().intervals = 0.9


def test_mutes_are_reasons_of_known_checks_and_change_no_cell(tmp_path):
    plain, muting = tiny(), tiny(mute={"CM303": "the law asks for the ratio"})
    assert muting.cells(tmp_path).folder == plain.cells(tmp_path).folder
    for mute, says in (({"CM000": "x"}, "CM000"), ({"CM303": " "}, "without a reason")):
        with pytest.raises(StudyError, match=says):
            tiny(mute=mute)
