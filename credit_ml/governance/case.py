"""What an exhibit is filled in from: a score, its people, decisions, and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from credit_ml.agencies import Rater
from credit_ml.agencies.problems import readable
from credit_ml.core import Dataset, Mask, known_names, read_toml
from credit_ml.core.errors import Remedy
from credit_ml.fairness.checks import finite
from credit_ml.governance.rule import LegalRule, RuleError
from credit_ml.proxies.thresholds import threshold_of
from credit_ml.scoring import ScoreFunction, score_function
from credit_ml.society import Society

#: What features are called, as far as it can be known by their names.
KNOWN_AS = {
    "sex": ("sex", "gender"),
    "race_ethnicity": ("race", "ethnicity", "race_ethnicity", "race/ethnicity"),
}


class ExhibitOptions(BaseModel):
    """What must be said for an exhibit beside the score and the table.

    Examples
    --------
    >>> ExhibitOptions(threshold=650, decision="a car without a deposit").provider
    ''
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    threshold: float | str | None = None
    """Score from which a request is granted, or the name of an agency's privilege."""
    scores: Any = None
    """Given scores, one a person, where no model is at hand."""
    decision: str = "the request"
    """What is asked for, such as "a car without a deposit"."""
    decisions: str | None = None
    """Column of what was decided in the end: 1 granted, 0 refused."""
    citizen: int | None = None
    """Row of the person to whom a letter is written; the first who was refused by default."""
    menu: Any = None
    """What people can do, as in `credit_ml.recourse`."""
    provider: str = ""
    """Who made the score, with an address; the model's name by default."""
    score_range: tuple[float, float] | None = None
    """Least and largest possible score; the model's own scale where it has one."""
    inquiries: str | None = None
    """Column that counts inquiries into the file."""
    features: dict[str, str] = {}
    """Which sensitive feature is "sex" and which "race_ethnicity", where their names do not say."""
    contexts: dict[str, list[str]] | None = None
    """Columns by the context in which they were collected; the factors by default."""
    related: list[str] = []
    """Contexts whose data belong to the decision."""
    gravity: str | None = None
    """Column that says how grave a person's conduct was; higher is graver."""
    friends: list[str] = []
    """Columns from social networks; those that other people's doings make by default."""
    grade: str | None = None
    """Column of the grade of a listing: minor, general, serious, or missing."""
    years: str | None = None
    """Column of the years for which a listing stands under the old rule."""
    policy: str | None = None
    """Policy under which a society lives some years, whose listings are held against the rule."""
    policy_years: int = Field(default=3, ge=1)
    """How many years."""

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return what a TOML file says; a menu lies beside it.

        Raises
        ------
        RuleError
            When the file cannot be read, or a key is unknown.
        """
        given = read_toml(Path(path), RuleError, "give a TOML file of what an exhibit needs")
        if isinstance(given.get("menu"), str) and given["menu"].endswith(".toml"):
            given["menu"] = Path(path).parent / given["menu"]
        return cls.of(given, place=Path(path).name)

    @classmethod
    def of(cls, given: Mapping[str, Any], *, place: str = "options") -> Self:
        """Return what a mapping says, or raise RuleError."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=RuleError) from None


@dataclass(frozen=True, kw_only=True)
class ExhibitCase:
    """A rule, the day, and everything that its exhibit may read.

    Examples
    --------
    >>> from credit_ml.governance import load_rule
    >>> frame = pd.DataFrame({"late": [0, 1, 2], "sex": list("fmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive="sex")
    >>> case = ExhibitCase(rule=load_rule("nyc-ll144"), on=date(2026, 11, 29), dataset=data,
    ...                    model=lambda X: 10 - X["late"], options=ExhibitOptions(threshold=9))
    >>> case.decided.tolist(), case.citizen
    ([True, True, False], 2)
    """

    rule: LegalRule
    on: date
    model: Any
    dataset: Dataset
    options: ExhibitOptions
    society: Society | None = None

    @cached_property
    def score(self) -> ScoreFunction:
        """The model as a function of a table."""
        self.need(self.model is not None, "needs a model that can be asked", "give a model")
        return score_function(self.model, dataset=self.read)

    @cached_property
    def read(self) -> Dataset:
        """The people with all that the model reads."""
        return self.dataset if self.model is None else self.dataset.reading(self.model)

    @cached_property
    def points(self) -> np.ndarray:
        """Everybody's score: as given, or the model's."""
        if self.options.scores is not None:
            return np.asarray(finite(self.options.scores, "scores", self.dataset.X.index))
        return self.score(self.read.X)

    @property
    def unit(self) -> str:
        """Unit of the score."""
        return "points" if self.model is None else self.score.unit

    @cached_property
    def threshold(self) -> float:
        """Score from which a request is granted."""
        asked = self.options.threshold
        if isinstance(self.model, Rater):
            return threshold_of(self.model.agency, asked)
        if isinstance(asked, str) or asked is None:
            remedy = Remedy(
                "give the score from which a request is granted: options={'threshold': ...}",
                "give the score from which a request is granted: --threshold",
            )
            self.refuse("has no threshold of decisions", remedy)
        return float(asked)

    @cached_property
    def decided(self) -> Mask:
        """Who reaches the threshold."""
        granted: Mask = self.points >= self.threshold
        return granted

    @property
    def citizen(self) -> int:
        """Row of the person to whom a letter is written."""
        asked, size = self.options.citizen, len(self.dataset)
        if asked is not None:
            there, remedy = 0 <= asked < size, f"give a row from 0 to {size - 1}"
            self.need(there, f"has no row {asked}", remedy)
            return asked
        refused = np.flatnonzero(~self.decided)
        self.need(len(refused), "refuses nobody at this threshold", "name a citizen")
        return int(refused[0])

    def column(self, name: str | None, role: str, remedy: str) -> pd.Series:
        """Return a column of the user's table, whatever it was there for."""
        if name is None:
            self.refuse(f"does not say which column holds {role}", remedy)
        raw = self.dataset.raw
        places = [self.dataset.X, self.dataset.context, self.dataset.sensitive]
        places += [] if raw is None else [raw.frame]
        known = list(dict.fromkeys(str(column) for place in places for column in place))
        if name not in known:
            self.refuse(f"lacks the column '{name}' of {role}", known_names(name, known))
        found = next(place[name] for place in places if name in place.columns)
        return pd.Series(found.to_numpy(), index=self.dataset.X.index, name=name)

    def feature(self, kind: str) -> str:
        """Return the sensitive feature that is of a kind, such as "sex"."""
        known = [str(name) for name in self.dataset.sensitive]
        said = self.options.features.get(kind)
        if said is not None:
            self.need(said in known, f"has no sensitive feature '{said}'", known_names(said, known))
            return said
        found = [name for name in known if name.lower().replace(" ", "_") in KNOWN_AS[kind]]
        shown = kind.replace("_", " or ")
        remedy = f"make it sensitive, or say which it is: features = {{{kind} = ...}}"
        self.need(found, f"has no sensitive feature that is {shown}", remedy)
        return found[0]

    def need(self, usable: object, problem: str, remedy: str) -> None:
        """Raise RuleError unless what the rule asks for is there."""
        RuleError.unless(usable, f"{self.rule.id}, {self.dataset.name}", problem, remedy)

    def refuse(self, problem: str, remedy: str) -> NoReturn:
        """Raise RuleError, naming the rule and the table."""
        raise RuleError(f"{self.rule.id}, {self.dataset.name}", problem, remedy)


def columns_of(case: ExhibitCase, named: Sequence[str]) -> list[str]:
    """Return columns that are named by themselves or by their factor.

    Raises
    ------
    RuleError
        When a name is neither.
    """
    found: list[str] = []
    for name in named:
        known = [*case.dataset.features, *case.dataset.factors]
        case.need(name in known, f"has no column or factor '{name}'", known_names(name, known))
        found += case.dataset.factors.get(name, (name,))
    return list(dict.fromkeys(found))
