"""What is wrong with a file, in one line: place, value, remedy."""

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, ValidationError

from credit_ml.core import InputError, known_names

#: A key that nobody knows, as pydantic calls it of its models and of dataclasses.
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")


def readable(
    error: ValidationError, model: type, *, place: str, kind: type[InputError]
) -> InputError:
    """Turn the first problem that pydantic found into an error of one line.

    A key that nobody knows comes first, for it is often the reason that another is missing.

    Parameters
    ----------
    error : pydantic.ValidationError
        What was raised.
    model : type of pydantic.BaseModel, or dataclass
        What was being made.
    place : str
        Name of the file.
    kind : type of InputError
        Class of the error returned.
    """
    found = sorted(error.errors(), key=lambda one: one["type"] not in _UNKNOWN)
    alike = _of_one_place(found)
    first = alike[0]
    keys, models = _walk(model, first["loc"])
    where = ": ".join([place, ", ".join(keys)]) if keys else place
    given, cause = first["input"], first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        inner = f"{where}: {cause.place}" if cause.place else where
        return kind(inner, cause.problem, cause.remedy)
    if first["type"] in _UNKNOWN:
        _, models = _walk(model, first["loc"][:-1])
        known = [name for each in models for name in _keys(each)]
        return kind(where, "is unknown", known_names(keys[-1], known))
    if first["type"] == "missing":
        return kind(where, "is missing", "give it")
    if first["type"].startswith("union_tag"):
        shown = f"is {given['kind']!r}" if "kind" in given else "is missing"
        known = [str(each) for tagged in models for each in _kinds(tagged)]
        return kind(f"{where}, kind", shown, f"known: {', '.join(known)}")
    # What our own model says of a value is nearer than that another kind could stand there.
    own = [one for one in alike if one["type"] == "value_error"] or alike
    remedies = dict.fromkeys(map(_remedy, own))
    return kind(where, f"is {_shown(given)}", " or ".join(remedies).replace(" or give ", " or "))


def _of_one_place(found: Sequence[Any]) -> list[Any]:
    """Return the first problem, and what other kinds of value may stand in its place.

    Of a table where a list could stand too, what is wrong inside the table is the problem.
    """
    place = _without_kinds(found[0]["loc"])
    inside = [one for one in found if _without_kinds(one["loc"])[: len(place)] == place]
    deepest = max(inside, key=lambda one: len(_without_kinds(one["loc"])))
    if len(inside) > 1 and inside[0]["loc"] != place:  # several kinds are allowed
        place = _without_kinds(deepest["loc"])
    return [one for one in inside if _without_kinds(one["loc"]) == place]


def _without_kinds(path: Sequence[int | str]) -> tuple[int | str, ...]:
    """Leave out of a path how pydantic calls the kinds of value that may stand in one place."""
    return tuple(step for step in path if not (isinstance(step, str) and _KIND.match(step)))


#: How pydantic calls one of several kinds of value in a path: ``tuple[any, ...]``, ``RangeTable``.
_KIND = re.compile(r".*\[.*\]$|[A-Z][A-Za-z]*(Table|Part)$|(int|float|str|bool)$")
#: What to give, by how the kind of problem begins.
_GIVE = {
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "more than {gt:g}",
    "less_than_equal": "at most {le:g}",
    "less_than": "less than {lt:g}",
    "string_too_short": "at least {min_length} letter",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "string_pattern": "text of the form {pattern}",
    "int_": "a whole number",
    "float_": "a number",
    "finite_": "a finite number",
    "bool_": "true or false",
    "string_": "text",
    **dict.fromkeys(("tuple_", "list_", "set_", "frozen_set_"), "a list"),
    **dict.fromkeys(("dict_", "mapping_", "model_", "dataclass_"), "a table"),
}
#: Letters of a value that an error shows.
_MOST_SHOWN = 80


def _remedy(problem: Any) -> str:
    """Say what to give instead."""
    told = problem.get("ctx", {})
    if problem["type"] == "literal_error":
        return known_names(str(problem["input"]), re.findall(r"'([^']*)'", told["expected"]))
    for begins, give in _GIVE.items():
        if problem["type"].startswith(begins):
            return f"give {give.format(**told)}"
    said = str(problem["msg"].removeprefix("Value error, "))
    return said[0].lower() + said[1:]


def _shown(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _walk(model: type, path: Sequence[int | str]) -> tuple[list[str], list[type]]:
    """Follow pydantic's path: the keys as the file has them, and the models at its end."""
    keys: list[str] = []
    models = [model]
    for step in path:
        if isinstance(step, int):
            keys.append(f"entry {step + 1}")
            continue
        inside = [found for each in models if (found := _keys(each).get(step))]
        tagged = [each for each in models if step in _kinds(each)]
        if inside:
            models = [found for annotation in inside for found in _models_in(annotation)]
        elif tagged:
            # pydantic puts the kind of a table into the path; the file has no such key.
            models = tagged
            continue
        elif _KIND.match(step) and models:
            continue
        keys.append(step)
    return keys, models


def _keys(model: type) -> dict[str, Any]:
    """Keys of a table and what each takes."""
    if is_dataclass(model):
        hints = get_type_hints(model)
        return {each.name: hints[each.name] for each in fields(model)}
    made: dict[str, Any] = getattr(model, "model_fields", {})
    return {name: field.annotation for name, field in made.items()}


def _models_in(annotation: Any) -> list[type]:
    if isinstance(annotation, type) and (
        issubclass(annotation, BaseModel) or is_dataclass(annotation)
    ):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]


def _kinds(model: type) -> tuple[Any, ...]:
    return get_args(_keys(model).get("kind"))
