"""A form: what a rule's exhibit says, from a template beside the module that counts it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.consequences.finding import ByGroup
from credit_ml.core import Array, Dataset, Mask
from credit_ml.core.discovery import declared_in
from credit_ml.core.schema import EVERYBODY
from credit_ml.explanation import readable
from credit_ml.governance.case import ExhibitCase

_HOME = "credit_ml.governance.forms"
#: What stands where a number cannot be known.
NONE = "–"


@dataclass(frozen=True, kw_only=True)
class FormTable:
    """A table of a form: every cell is text; the first cell heads its row.

    Examples
    --------
    >>> FormTable(caption="Who", head=("Group", "People"), rows=(("f", "12"),)).plain()["head"]
    ['Group', 'People']
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: Sequence[int] = (0,)
    """Which columns hold words, and so are set flush left."""

    def plain(self) -> dict[str, Any]:
        """Return it in values that JSON can hold."""
        told = {"caption": self.caption, "head": list(self.head), "words": list(self.words)}
        return told | {"rows": [list(row) for row in self.rows]}


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """What a form's module found: facts in the schema, and what its template puts into words."""

    rows: Sequence[Mapping[str, Any]] | pd.DataFrame
    words: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, FormTable] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class ExhibitForm:
    """One form, declared by its module as ``FORM``; its words lie beside it in ``ID.md.j2``."""

    id: str
    title: str
    fill: Callable[[ExhibitCase], FilledForm]

    def parts(self, case: ExhibitCase, filled: FilledForm) -> list[dict[str, Any]]:
        """Return headings and blocks, as the template lays them out.

        A line ``## ...`` opens a part, an empty line ends a paragraph, lines ``- ...`` are items,
        and a paragraph ``[name]`` is the table of that name.
        """
        told = {"case": case, "rule": case.rule, **filled.words}
        text = _template(self.id).render(**told)
        parts: list[dict[str, Any]] = []
        for block in re.split(r"\n\s*\n", text.strip()):
            block = block.strip()
            if block.startswith("## "):
                heading, _, block = block.removeprefix("## ").partition("\n")
                parts.append({"heading": heading.strip(), "blocks": []})
            if block.strip():
                parts[-1]["blocks"].append(_block(block.strip(), filled.tables))
        return parts


def _block(text: str, tables: Mapping[str, FormTable]) -> dict[str, Any]:
    named = re.fullmatch(r"\[(\w+)\]", text)
    if named:
        return tables[named[1]].plain()
    if text.startswith("- "):
        return {"items": [" ".join(item.split()) for item in re.split(r"(?m)^- ", text)[1:]]}
    return {"text": " ".join(text.split())}


def forms() -> dict[str, ExhibitForm]:
    """Every form of the package by its id."""
    return {form.id: form for form in declared_in(_HOME, "FORM")}


def measured(
    dataset: Dataset, measure: str, values: Array | Mask, *, among: Mask | None = None
) -> list[dict[str, Any]]:
    """Share or mean of everybody, of each group, and its differences, with intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive="sex")
    >>> [row["estimate"] for row in measured(data, "late", data.X["late"].to_numpy() > 0)][:3]
    [0.75, 0.5, 1.0]
    """
    by_group, chosen = ByGroup(dataset), np.ones(len(dataset), bool) if among is None else among
    own = by_group.people.share if values.dtype == bool else by_group.people.mean
    rows = by_group.rows("", measure, lambda each, who: own(each, who & chosen), values)
    return [{key: value for key, value in row.items() if key != "consequence"} for row in rows]


def group_name(row: Mapping[str, Any]) -> str:
    """Return what a row of facts is of: everybody, or a group with its feature."""
    overall = row["sensitive"] == EVERYBODY
    return "everybody" if overall else f"{row['sensitive']}: {row['group']}"


def percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage, or a dash where it cannot be known.

    Examples
    --------
    >>> percent(0.125), percent(float("nan"))
    ('12.5 %', '–')
    """
    return NONE if share != share else f"{100 * share:.{decimals}f} %"


def ratio(value: float) -> str:
    """Write a ratio to three decimals, or a dash where it cannot be known."""
    return NONE if value != value else f"{value:.3f}"


def scored(value: float, unit: str, digits: int = 4) -> str:
    """Write a score with its unit, as people say it.

    Examples
    --------
    >>> scored(0.5, "probability"), scored(650, "points"), scored(3, "score")
    ('a probability of 0.5', '650 points', '3')
    """
    number = readable(value, digits=digits)
    if unit in ("score", ""):
        return number
    return f"a probability of {number}" if unit == "probability" else f"{number} {unit}"


@cache
def _template(form: str) -> Any:
    from jinja2 import Environment, StrictUndefined

    from credit_ml.grammar.numbers import listed

    made = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    made.filters |= {"percent": percent, "readable": readable, "listed": listed, "scored": scored}
    return made.from_string(files(_HOME).joinpath(f"{form}.md.j2").read_text("utf-8"))
