"""One word an idea: the glossary is current, and public names use its words."""

import importlib.util
import inspect
import re
import typing
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

import credit_ml
from credit_ml.disclosure.regimes import REGIMES
from credit_ml.proxies import estimators_frame
from credit_ml.proxies.interventions.intervene import OF_ANY_TABLE

# Public names in which a replaced word means something else.
OTHER_MEANINGS = {
    "FriendFeedback(rounds=)": "scores pass among friends in rounds; no scorer is fitted",
    "informed(rounds=)": "knowledge passes from friend to friend in rounds",
    "Penalty(below=)": "a key of agencies' files: imposed below these points",
    "conditional_disparity(given=)": "the bar of P(selected | given), as in probability",
    "distribution_noise(parts=)": "parts of the people, as in `People`",
    "run_rounds": "a round is a year of a society; no scorer is fitted",
    "tally_parts": "parts of a table that is read in pieces",
    "tally_parts(parts=)": "parts of a table that is read in pieces",
}


@pytest.fixture(scope="module")
def glossary(repository: Path) -> ModuleType:
    """docs/glossary.py, which belongs to no package."""
    spec = importlib.util.spec_from_file_location("glossary", repository / "docs" / "glossary.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_written_from_the_terms(glossary: ModuleType, repository: Path) -> None:
    assert (repository / "docs" / "glossary.md").read_text() == glossary.page(), "make glossary"


def test_no_term_is_defined_twice(glossary: ModuleType) -> None:
    times = Counter(name.lower() for term in glossary.terms() for name in term["names"])
    assert [name for name, n in times.items() if n > 1] == []


def test_a_replaced_word_has_one_replacement_and_is_no_term(glossary: ModuleType) -> None:
    replaced = Counter(word for term in glossary.terms() for word in term.get("instead_of", ()))
    assert [word for word, n in replaced.items() if n > 1] == []
    assert not set(replaced) & {name for term in glossary.terms() for name in term["names"]}


def test_a_term_points_at_terms(glossary: ModuleType) -> None:
    names = {name for term in glossary.terms() for name in term["names"]}
    assert {other for term in glossary.terms() for other in term.get("see", ())} <= names


def _as_words(name: str) -> str:
    """`CrossTheLine` and `cross_the_line` as "_cross_the_line_"."""
    return "_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_") + "_"


def _names_of(thing: object) -> list[str]:
    if not callable(thing):
        return []
    try:
        return list(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return []


def test_public_names_use_no_replaced_word(
    glossary: ModuleType, exported: dict[str, object]
) -> None:
    replaced = [word for term in glossary.terms() for word in term.get("instead_of", ())]
    used = set()
    for place, thing in exported.items():
        name = place.rpartition(".")[2]
        for each in (name, *_names_of(thing)):
            if any(f"_{word}_" in _as_words(each) for word in replaced):
                used.add(name if each == name else f"{name}({each}=)")
    assert used == set(OTHER_MEANINGS)


def test_help_names_every_id_that_a_call_takes() -> None:
    known = {
        "disclose": list(REGIMES),
        "decompose": estimators_frame()["id"].tolist(),
        "intervene": [each.id for each in OF_ANY_TABLE],
    }
    for name, ids in known.items():
        said = set(re.findall(r"\w+", getattr(credit_ml, name).__doc__ or ""))
        assert not set(ids) - said, name


@pytest.mark.parametrize("name", ["disclose", "intervene", "decompose", "detect_proxies"])
def test_help_opens_with_a_signature_that_people_read(name: str) -> None:
    thing = getattr(credit_ml, name)
    opening = str(inspect.signature(thing))
    assert "credit_ml" not in opening
    assert "collections" not in opening
    assert "Dataset" in opening
    # What types are stays known to those who ask for them.
    assert typing.get_type_hints(thing)["return"].__module__.startswith("credit_ml")
