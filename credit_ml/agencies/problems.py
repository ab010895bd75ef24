"""What is wrong with a file, in one line: place, value, remedy."""

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
    first = min(error.errors(), key=lambda found: found["type"] not in _UNKNOWN)
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
    if first["type"].startswith(("model_", "dataclass_")):
        return kind(where, f"is {given!r}", "give a table")
    if first["type"] == "missing":
        return kind(where, "is missing", "give it")
    if first["type"].startswith("union_tag"):
        shown = f"is {given['kind']!r}" if "kind" in given else "is missing"
        known = [str(each) for tagged in models for each in _kinds(tagged)]
        return kind(f"{where}, kind", shown, f"known: {', '.join(known)}")
    said = first["msg"][0].lower() + first["msg"][1:]
    return kind(where, f"is {given!r}", said.replace("frozenset", "list"))


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
