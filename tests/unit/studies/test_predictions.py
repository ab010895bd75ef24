"""A check that no row can decide costs no run: it is refused when the study's file is read."""

import pytest

from credit_ml.core import StudyError
from credit_ml.studies import load_study

STUDY = """
sensitive = ["hukou"]
[study]
id = "tiny"
title = "Tiny"
question = "Is there a gap?"
prediction = "Rural citizens score lower."
refutation = "No."
seed = 5
[world]
name = "baseline"
citizens = 600
[[raters]]
agency = "council"
[report]
path = "tiny.html"
[[checks]]
claim = "lower"
of = "{of}"
kind = "{kind}"
relation = "below"
rater = "{rater}"
[checks.where]
{column} = "{sensitive}"
group = "{group}"
measure = "mean_score"
"""
RIGHT = {
    "of": "Rural citizens score lower",
    "kind": "audit",
    "rater": "council (rules)",
    "column": "sensitive",
    "sensitive": "hukou",
    "group": "rural",
}


def read(folder, **changed):
    file = folder / "tiny.toml"
    file.write_text(STUDY.format(**RIGHT | changed))
    return load_study(file)


def test_one_that_can_be_decided_is_read(tmp_path):
    assert read(tmp_path).checks[0].kind == "audit"
    assert read(tmp_path, rater="").checks
    assert read(tmp_path, sensitive="overall", group="all").checks
    assert read(tmp_path, sensitive="hukou x gender", group="rural x woman").checks


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"of": "Urban citizens"}, "holds 'Urban citizens', which the prediction does not say"),
        ({"kind": "audits"}, "did you mean 'audit'"),
        ({"kind": "interventions"}, "'interventions' is not asked for; add [interventions]"),
        ({"rater": "council (opaque)"}, "did you mean 'council (rules)'"),
        ({"column": "sensitve"}, "did you mean 'sensitive'"),
        ({"sensitive": "hukuo"}, "did you mean 'hukou'"),
        ({"group": "rurals"}, "did you mean 'rural'"),
    ],
)
def test_one_that_cannot_is_refused_on_one_line_before_any_run(tmp_path, changed, said):
    with pytest.raises(StudyError) as refused:
        read(tmp_path, **changed)
    text = str(refused.value)
    assert said in text
    assert "checks" in text
    assert "\n" not in text


BARE = STUDY.partition("kind =")[0]


def bare(folder, more):
    file = folder / "tiny.toml"
    file.write_text(BARE.format(**RIGHT) + more)
    return load_study(file)


def test_what_is_assumed_outright_needs_no_row(tmp_path):
    (found,) = bare(tmp_path, "assumed = true\n").checks
    assert (found.kind, found.assumed) == ("", True)


@pytest.mark.parametrize("more", ["", "kind = 'audit'\n", "assumed = true\nkind = 'audit'\n"])
def test_any_other_check_needs_all_of_its_row(tmp_path, more):
    with pytest.raises(StudyError, match="names no row"):
        bare(tmp_path, more)


@pytest.mark.parametrize("key", ["refutes", "spares"])
def test_what_refutes_is_said_in_the_words_of_the_refutation(tmp_path, key):
    told = 'kind = "audit"\nrelation = "below"\nwhere = { measure = "mean_score" }\n'
    (found,) = bare(tmp_path, f'{told}{key} = "No"\n').checks
    assert getattr(found, key) == "No"
    with pytest.raises(StudyError, match="holds 'Yes', which the refutation does not say"):
        bare(tmp_path, f'{told}{key} = "Yes"\n')


def test_a_check_that_says_nothing_of_the_refutation_is_stored_as_it_always_was(tmp_path):
    """Digests of studies that were run before there was such a key are as they were."""
    (found,) = read(tmp_path).checks
    assert not {"refutes", "spares"} & set(found.model_dump())
