"""A file of results is what its schema says, or refused in one line."""

import json

import pytest

from credit_ml.core import StudyError
from credit_ml.studies import stored
from credit_ml.studies.written import read_results


@pytest.fixture(scope="module")
def reference(repository):
    file = repository / "experiments/reference/findings.json"
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_schema_that_ships_is_the_one_that_is_held(repository):
    file = repository / "credit_ml/studies/findings.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == stored.findings_schema()


def test_stored_results_are_of_the_schema(reference):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(stored.findings_schema()).validate(reference)
    stored.refuse_changed(json.dumps(reference), "here")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told.pop("title"), "at title, Field required"),
        (lambda told: told.update(more=1), "at more"),
        (lambda told: told["findings"][0].update(kind="nonsense"), "no instrument makes"),
        (lambda told: told["findings"][0]["rows"][0].pop(), "row 1 has"),
        (lambda told: told["findings"][0]["columns"].append("estimate"), "two columns"),
        (lambda told: told["raters"][0].update(name=3), "at raters.0.name"),
    ],
)
def test_what_a_hand_has_changed_is_refused_in_one_line(reference, tmp_path, change, words):
    told = json.loads(json.dumps(reference))
    change(told)
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        read_results(file)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
