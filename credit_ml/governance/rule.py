"""Rules of law as dated entries of a catalogue; each names the exhibit that it asks for."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError, model_validator

from credit_ml.agencies.parts import Text
from credit_ml.agencies.problems import readable
from credit_ml.core import InputError, need_known, read_toml

CATALOGUE = Path(__file__).with_name("rules")
#: Text of a file whose line breaks mean nothing.
Line = Annotated[Text, AfterValidator(lambda text: " ".join(text.split()))]
#: What is said of how well an entry's facts are known.
STATUSES = {
    "read": "read in public pages",
    "second": "known from secondary sources alone",
    "unverified": "from memory, and were not verified",
}


class RuleError(InputError):
    """A rule of law is unknown, not in force, or asks for what is not there.

    Examples
    --------
    >>> print(RuleError("rule 'gdpr'", "is unknown", "name one of the catalogue"))
    rule 'gdpr': is unknown; name one of the catalogue
    """


class LegalRule(BaseModel, frozen=True, extra="forbid"):
    """A rule of law: where and when it holds, what it asks, and the exhibit in which it is shown.

    Examples
    --------
    >>> rule = load_rule("nyc-ll144")
    >>> rule.in_force(date(2023, 7, 4)), rule.in_force(date(2023, 7, 5))
    (False, True)
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Text
    jurisdiction: Text
    source: Line
    """Where its text stands."""
    in_force_from: date
    in_force_until: date | None = None
    """The first day on which it holds no more; None while no end is known."""
    status: Literal["read", "second", "unverified"]
    """How well these facts are known: read in a public page, second-hand, or from memory."""
    asks: Line
    exhibit: Text
    """A form of `credit_ml.governance.forms`."""
    note: Line | None = None
    """What is disputed, moved, or unverified."""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        end = self.in_force_until
        problem, remedy = f"is {end}", f"give a day after {self.in_force_from}"
        RuleError.unless(end is None or end > self.in_force_from, "in_force_until", problem, remedy)
        return self

    def in_force(self, on: date) -> bool:
        """Whether it holds on a day."""
        ended = self.in_force_until is not None and on >= self.in_force_until
        return self.in_force_from <= on and not ended

    @property
    def term(self) -> str:
        """From when until when, in words."""
        until = f" until {self.in_force_until}" if self.in_force_until else ""
        return f"from {self.in_force_from}{until}"


def rule_ids() -> list[str]:
    """Names of the rules in the package, in alphabetical order.

    Examples
    --------
    >>> "nyc-ll144" in rule_ids()
    True
    """
    return sorted(path.stem for path in CATALOGUE.glob("*.toml"))


def load_rule(name: str | Path) -> LegalRule:
    """Return a named rule, or the rule of a TOML file of one's own.

    Parameters
    ----------
    name : str or Path
        One of `rule_ids`, or a path that ends in ``.toml``.

    Raises
    ------
    RuleError
        When the rule is unknown, or its file cannot be read or used.

    Examples
    --------
    >>> load_rule("gdpr-22").jurisdiction
    'European Union'
    """
    told, remedy = isinstance(name, str | Path), f"name one: {', '.join(rule_ids())}"
    RuleError.unless(told, "rule", f"is {name!r}", remedy)
    path = Path(name)
    if path.suffix != ".toml":
        need_known(RuleError, "rule", name, rule_ids())
        path = CATALOGUE / f"{name}.toml"
    given = read_toml(path, RuleError, "give a TOML file in UTF-8")
    try:
        return LegalRule.model_validate(given)
    except ValidationError as error:
        raise readable(error, LegalRule, place=path.name, kind=RuleError) from None


def rules() -> pd.DataFrame:
    """One row a rule of the catalogue, as its file says.

    Examples
    --------
    >>> rules().set_index("id").loc["nyc-ll144", "exhibit"]
    'impact_ratios'
    """
    return pd.DataFrame([load_rule(name).model_dump() for name in rule_ids()])
