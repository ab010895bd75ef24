"""What a file of results holds: read before anything is made of it, and published as a schema."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from credit_ml.core import Finding, StudyError
from credit_ml.core.instrument import instruments_by_kind

#: One value of a table.
Value = str | int | float | bool | None
_NUMBERS = ("estimate", "low", "high")
_NO_NUMBERS = (str, bool)


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class StoredFinding(_Stored):
    """A finding as `Finding.to_dict` writes it."""

    kind: str
    """Which instrument made it; "finding" where none of credit_ml's did."""
    title: str
    parameters: dict[str, Any]
    seed: int | None
    notes: list[str]
    columns: list[str]
    rows: list[list[Value]]
    """One list a fact, a value a column; a number that is not known is null."""

    @model_validator(mode="after")
    def _is_a_table(self) -> Self:
        known = {Finding.kind, *instruments_by_kind()}
        if self.kind not in known:
            raise ValueError(f"no instrument makes the kind '{self.kind}'")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("two columns have one name")
        places = [self.columns.index(name) for name in _NUMBERS if name in self.columns]
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} values of {len(self.columns)}")
            if any(type(row[place]) in _NO_NUMBERS for place in places):
                raise ValueError(f"row {number} has no number where an estimate or interval stands")
        return self


class StoredRater(_Stored):
    """A rater and its findings."""

    id: str
    name: str
    agency: dict[str, Any]
    scorer_kind: str
    findings: list[StoredFinding]


class StoredDiagnostic(_Stored):
    """What an audit check says where it fires, as `credit_ml.core.Diagnostic` has it."""

    check: str
    """Id, such as CM101; `credit-ml checks` says what each means."""
    name: str
    severity: Literal["warning", "note"]
    message: str
    rater: str
    sensitive: str
    group: str
    measure: str
    value: float | int | None
    threshold: float | int | None
    muted: str
    """The reason; empty where it is not muted."""


class StoredResults(_Stored):
    """A study's results as `StudyResults.to_json` writes them."""

    id: str
    title: str
    question: str
    prediction: str
    refutation: str
    data: dict[str, Any]
    world: dict[str, Any] | None
    raters: list[StoredRater]
    findings: list[StoredFinding]
    settings: dict[str, Any]
    provenance: dict[str, Any]
    diagnostics: list[StoredDiagnostic] | None = None
    """Absent where no audit check was made."""


def findings_schema() -> Mapping[str, Any]:
    """Return the JSON schema of a file of results, which ships as ``findings.schema.json``."""
    told = StoredResults.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told}


def refuse_changed(text: str, place: str) -> None:
    """Refuse results that a hand has changed so that they are none any more.

    Raises
    ------
    StudyError
        With the first place in which they are not what a run writes.
    """
    try:
        StoredResults.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        problem = f"holds no results: at {where}, {first['msg'].removeprefix('Value error, ')}"
        raise StudyError(place, problem, "give a results file as a run wrote it") from None
