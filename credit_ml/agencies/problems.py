"""What is wrong with a file, in one line: place, value, remedy."""

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from credit_ml.core import InputError, known_names


def readable(
    error: ValidationError, model: type[BaseModel], *, place: str, kind: type[InputError]
) -> InputError:
    """Turn the first problem that pydantic found into an error of one line.

    A key that nobody knows comes first, for it is often the reason that another is missing.

    Parameters
    ----------
    error : pydantic.ValidationError
        What was raised.
    model : type of pydantic.BaseModel
        What was being made.
    place : str
        Name of the file.
    kind : type of InputError
        Class of the error returned.
    """
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    keys, models = _walk(model, first["loc"])
    where = ": ".join([place, ", ".join(keys)]) if keys else place
    given, cause = first["input"], first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        inner = f"{where}: {cause.place}" if cause.place else where
        return kind(inner, cause.problem, cause.remedy)
    if first["type"] == "extra_forbidden":
        _, models = _walk(model, first["loc"][:-1])
        known = [name for each in models for name in each.model_fields]
        return kind(where, "is unknown", known_names(keys[-1], known))
    if first["type"].startswith("model_"):
        return kind(where, f"is {given!r}", "give a table")
    if first["type"] == "missing":
        return kind(where, "is missing", "give it")
    if first["type"].startswith("union_tag"):
        shown = f"is {given['kind']!r}" if "kind" in given else "is missing"
        known = [str(each) for tagged in models for each in _kinds(tagged)]
        return kind(f"{where}, kind", shown, f"known: {', '.join(known)}")
    return kind(where, f"is {given!r}", first["msg"][0].lower() + first["msg"][1:])


def _walk(
    model: type[BaseModel], path: Sequence[int | str]
) -> tuple[list[str], list[type[BaseModel]]]:
    """Follow pydantic's path: the keys as the file has them, and the models at its end."""
    keys: list[str] = []
    models = [model]
    for step in path:
        if isinstance(step, int):
            keys.append(f"entry {step + 1}")
            continue
        inside = [field for each in models if (field := each.model_fields.get(step))]
        tagged = [each for each in models if step in _kinds(each)]
        if inside:
            models = [found for field in inside for found in _models_in(field.annotation)]
        elif tagged:
            # pydantic puts the kind of a table into the path; the file has no such key.
            models = tagged
            continue
        keys.append(step)
    return keys, models


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]


def _kinds(model: type[BaseModel]) -> tuple[Any, ...]:
    return get_args(model.model_fields["kind"].annotation) if "kind" in model.model_fields else ()
