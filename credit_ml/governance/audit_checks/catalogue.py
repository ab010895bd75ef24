"""The catalogue of audit checks: their ids, what each says, why it matters and what helps."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from credit_ml.core import InputError, refuse_unknown
from credit_ml.core.files import beside
from credit_ml.governance.rule import Line

#: Check that says which mutes mute nothing.
UNUSED = "CM901"


class AuditCheck(BaseModel, frozen=True, extra="forbid"):
    """A condition of an audit itself that a reader should know of, known by its id for good.

    Examples
    --------
    >>> load_check("CM101").name
    'small-group'
    """

    id: str
    name: str
    room: str
    """Module of its function, whose name is `name` with underscores."""
    per: Literal["people", "columns", "rater"]
    """Made once a run, once for all raters of the same columns, or for each rater."""
    severity: Literal["warning", "note"]
    """A number may mislead who does not know; or is to be read with care."""
    says: Line
    means: Line
    """Why it matters."""
    do: Line
    """What helps."""

    @property
    def form(self) -> str:
        """Its line with the names of what is put in.

        Examples
        --------
        >>> load_check("CM502").form
        "intervals count <value> clusters ('<column>'), fewer than <threshold>"
        """
        return re.sub(r"\{(\w+)\}", r"<\1>", self.says)


@cache
def _catalogue() -> Mapping[str, AuditCheck]:
    given = beside(str(__file__).replace("catalogue.py", "checks.py"))
    return {name: AuditCheck(id=name, **each) for name, each in sorted(given.items())}


def check_ids() -> list[str]:
    """Ids of the audit checks, in order.

    Examples
    --------
    >>> check_ids()[0]
    'CM101'
    """
    return list(_catalogue())


def load_check(
    name: str, *, kind: type[InputError] = InputError, place: str = "audit check"
) -> AuditCheck:
    """Return an audit check by its id or its name, in letters of either case.

    Raises
    ------
    InputError
        Of the kind that is asked for, when there is none of that id or name.

    Examples
    --------
    >>> load_check("CM303").severity, load_check("cm303").name, load_check("small-group").id
    ('warning', 'ratio-saturated', 'CM101')
    """
    asked = name.strip()
    ids = {each.name: each.id for each in _catalogue().values()}
    found = ids.get(asked.lower(), asked.upper())
    known = ids if get_close_matches(asked.lower(), ids, n=1) else check_ids()
    if found not in _catalogue():
        refuse_unknown(kind, place, asked, known)
    return _catalogue()[found]


def audit_checks_frame() -> pd.DataFrame:
    """Return the catalogue, one row a check: id, name, severity, says, means, do.

    Examples
    --------
    >>> audit_checks_frame().set_index("id").loc["CM401", "name"]
    'trained-on-same-people'
    """
    columns = ["id", "name", "severity", "says", "means", "do"]
    return pd.DataFrame([each.model_dump() for each in _catalogue().values()])[columns]
