"""Editors are told of study files what the reader itself knows."""

import json
import tomllib

import jsonschema
import pytest

from credit_ml.studies import load_study
from credit_ml.studies.schema import study_schema

NO_STUDIES = ("calibration", "own_data")


@pytest.fixture(scope="module")
def validator():
    schema = study_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schema_is_the_readers(repository):
    published = json.loads((repository / "docs" / "study.schema.json").read_text("utf-8"))
    assert published == study_schema(), "run: make schema"


def test_every_study_of_the_repository_is_valid_and_can_be_read(repository, validator):
    folder = repository / "experiments"
    files = [path for path in folder.rglob("*.toml") if path.parent.name not in NO_STUDIES]
    assert len(files) > 8
    for path in files:
        validator.validate(tomllib.loads(path.read_text("utf-8")))
        assert load_study(path).study.question


@pytest.mark.parametrize(
    "change",
    [
        {"sensitive": ["hukuo"]},
        {"sensitiv": ["hukou"]},
        {"world": {"name": "basline", "citizens": 600}},
        {"world": {"name": "baseline", "citizens": 0}},
        {"raters": []},
        {"raters": [{"agency": "sesam"}]},
        {"raters": [{"agency": "sesame", "scorers": ["opak"]}]},
        {"intervals": 95},
        {"source": "elsewhere"},
        {"audit": {"intersection": "all"}},
    ],
)
def test_what_the_reader_refuses_an_editor_marks(repository, validator, change):
    path = repository / "experiments" / "reference" / "study.toml"
    given = tomllib.loads(path.read_text("utf-8"))
    validator.validate(given)
    assert not validator.is_valid(given | change)
