"""The JSON schema of a study file, for editors, from the reader's own declarations."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from credit_ml.agencies import agency_ids
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.dynamics import policy_ids
from credit_ml.society import SENSITIVE, world_ids
from credit_ml.studies.settings.study import SettingsStudy
from credit_ml.studies.study import Study, with_options
from credit_ml.studies.sweeps.kind_of import KINDS

#: Names of a catalogue, by the key that takes one or a list; a file of one's own may stand there.
_CATALOGUES: dict[str, Callable[[], Iterable[str]]] = {
    "agency": agency_ids,
    "worlds": world_ids,
    "refit_worlds": world_ids,
    "held_out": world_ids,
    "policies": policy_ids,
}
#: Names of which there are no others.
_FIXED: dict[str, Callable[[], Iterable[str]]] = {
    "sensitive": lambda: SENSITIVE,
    "kind": instruments_by_kind,
}


def study_schema() -> dict[str, Any]:
    """Return the schema of study files of every kind (JSON Schema, draft 2020-12).

    What only a look at several keys shows, such as a reference group that no feature has, is said
    when a file is read.

    Examples
    --------
    >>> [kind["title"] for kind in study_schema()["anyOf"]]
    ['Study', 'LeaderboardStudy', 'SweepStudy', 'SettingsStudy']
    """
    found: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    found |= {"title": "A study of credit_ml", "anyOf": [], "$defs": {}}
    for kind in KINDS:
        model = with_options(kind) if issubclass(kind, Study) else kind
        one = model.model_json_schema()
        found["$defs"] |= one.pop("$defs")
        del one["properties"]["source"]  # no key of a file
        one["properties"]["sweep"] = {"$ref": "#/$defs/SweepTable"}
        found["anyOf"].append(one)
    # A sweep holds the study that it varies, or names it.
    named = SettingsStudy.model_json_schema()
    found["$defs"] |= named.pop("$defs")
    for key in ("source", "varied", "varied_source"):
        del named["properties"][key]
    found["anyOf"].append(named)
    for table in (*found["anyOf"], *found["$defs"].values()):
        for key, value in _strings(table.get("properties", {})):
            if key in _FIXED and "enum" not in value:
                value["enum"] = sorted(_FIXED[key]())
            elif key in _CATALOGUES or (table["title"], key) == ("WorldTable", "name"):
                known = sorted(_CATALOGUES.get(key, world_ids)())
                value["anyOf"] = [{"enum": known}, {"pattern": r"\.toml$"}]
    return found


def _strings(properties: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield keys that take a text or a list of texts, each with what says so."""
    for key, value in properties.items():
        each = value.get("items", value)
        if isinstance(each, dict) and each.get("type") == "string":
            yield key, each
