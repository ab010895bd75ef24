"""What an agency's file may say of its scorer: the settings that each kind of scorer states."""

import inspect
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, create_model, model_validator

from credit_ml.agencies.parts import Part, Source
from credit_ml.core.renamed import renamed_keys
from credit_ml.scoring import LogOddsClassifier, scorers


class ScorerTable(Part):
    """The table ``[scorer]`` of an agency's file, for one kind."""

    scorer: ClassVar[type[LogOddsClassifier]]
    """What it describes."""

    kind: str
    source: Source

    @model_validator(mode="before")
    @classmethod
    def _with_new_names(cls, given: Any) -> Any:
        renamed = isinstance(given, dict)
        return renamed_keys(given, cls.scorer.old_settings, "scorer") if renamed else given

    def __reduce__(self) -> tuple[Any, ...]:
        # The class of a kind is made here, and pickle finds no module that holds it.
        return _remade, (self.model_dump(),)

    def make(self, *, seed: int) -> Any:
        """Return the unfitted scorer."""
        own = {name: getattr(self, name) for name in self.scorer.settings}
        if "random_state" in inspect.signature(self.scorer).parameters:
            own["random_state"] = seed
        return self.scorer(**own)


def _table_of(scorer: type[LogOddsClassifier]) -> type[ScorerTable]:
    defaults = inspect.signature(scorer).parameters
    fields: dict[str, Any] = {
        name: (allowed, defaults[name].default) for name, (allowed, _) in scorer.settings.items()
    }
    fields["kind"] = (Literal[scorer.kind], scorer.kind)
    fields["source"] = (Source, scorer.source or ...)
    fields |= {"__module__": __name__, "__doc__": scorer.__doc__}
    made = create_model(f"{scorer.__name__}Table", __base__=ScorerTable, **fields)
    made.scorer = scorer
    made.units = {name: unit for name, (_, unit) in scorer.settings.items() if unit}
    return made


#: The table of each kind of scorer, at its defaults; rules are an agency's own.
SCORER_TABLES: dict[str, Callable[..., ScorerTable]] = {
    kind: _table_of(scorer) for kind, scorer in scorers().items()
}
if TYPE_CHECKING:
    ScorerKind = str
    AnyScorer = ScorerTable
else:
    ScorerKind = Literal[tuple(SCORER_TABLES)]
    AnyScorer = Annotated[reduce(or_, SCORER_TABLES.values()), Field(discriminator="kind")]


def _remade(stored: dict[str, Any]) -> ScorerTable:
    return SCORER_TABLES[stored["kind"]](**stored)
