"""What people are told of a score, and how precisely: two parts, crossed freely."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Protocol, get_args

from pydantic import ConfigDict

from credit_ml.core import MenuError, need_known
from credit_ml.core.renamed import OldAttribute, renamed_keywords, warn_renamed
from credit_ml.disclosure.beliefs.advice import Advice
from credit_ml.disclosure.beliefs.belief import Belief
from credit_ml.disclosure.beliefs.belief_of_regime import belief_of_regime
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.precision import Item, Precision


class Regime(Protocol):
    """A rule of disclosure. Users add their own: any object with these members will do.

    Examples
    --------
    >>> class Rumour:
    ...     id, description = "rumour", "People say that nothing helps."
    ...     def belief(self, problem):
    ...         return Inert()
    >>> regime: Regime = Rumour()
    """

    @property
    def id(self) -> str:
        """Short name, as in tables."""

    @property
    def description(self) -> str:
        """What people are told, as a sentence."""

    def belief(self, problem: DecisionProblem) -> Belief:
        """Return what people then hold to be true (`credit_ml.disclosure.beliefs.belief`)."""
        ...


@renamed_keywords(prose="description", tells="discloses")
@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """A regime made of items that are told, and of how precisely they are.

    What people believe, from the most that they are told:

    model
        The score itself.
    models
        A set of models of which one is the true one: their mean, or the worst of them.
    counterfactual
        One bundle that would grant the first aim, with the least change of records.
    recommendation
        One bundle of improving actions, the least that grants it; failing that, the whole of it.
    weights, ranks, direction
        Linear weights; their order and signs; their signs. Of a score that is not linear, those
        of its best linear approximation (`Disclosure.notes` says how good).
    reasons
        What each factor adds to one's own score, beside others': a factor that costs points is
        believed to give them back for a standard deviation of its columns.
    examples, friends
        Weights learned from random people, or from one's own friends, who show their scores.
    factors
        Names of factors, each taken to weigh the same.

    Without own score, people reckon it from these weights; without the thresholds, they take it to
    be the middle of all scores. Either leaves an uncertainty, which they weigh in.

    Examples
    --------
    >>> Disclosed(id="half", description="Weights to one digit.", discloses={"weights"},
    ...           precision=Precision(rounding=0.1)).discloses
    frozenset({'weights'})
    """

    id: str
    description: str
    """What people are told, as a sentence."""
    discloses: frozenset[Item] = field(default_factory=frozenset)
    precision: Precision = field(default_factory=Precision)
    prior: Literal["inert", "common"] = "common"
    """What people do who are told nothing of what counts: nothing, or act on equal weights."""
    prior_scale: float = 1.0
    """How large those equal weights are: at 1 the score would spread as it does, were columns
    independent. What is learned of examples and friends starts there."""
    advice: Advice | None = None
    """Who sells the whole model to those whom it pays, if anybody does."""
    rank: float = 100.0
    """Where it stands among the named regimes, from the least that is told to the most."""
    clause: str = ""
    """What is told as a clause after "when", for reports: "the weights are told"."""
    noun: str = ""
    """What is told as an object, for reports: "the weights"."""
    heading: str = ""
    """What is told as the head of a column: "Weights told"."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")  # of a file

    prose: ClassVar[OldAttribute] = OldAttribute("description")
    tells: ClassVar[OldAttribute] = OldAttribute("discloses")

    def __post_init__(self) -> None:
        MenuError.unless_at_least(0, f"regime '{self.id}', prior_scale", self.prior_scale)
        given: set[str] = set(self.discloses)
        if "cut_off" in given:
            warn_renamed("the item 'cut_off'", "'threshold'")
            given = given - {"cut_off"} | {"threshold"}
        for item in sorted(given):
            need_known(MenuError, f"regime '{self.id}', discloses", item, get_args(Item))
        object.__setattr__(self, "discloses", frozenset(given))

    def belief(self, problem: DecisionProblem) -> Belief:
        """Return the belief that the strongest item forms."""
        return belief_of_regime(self, problem)

    def with_precision(self, **changes: object) -> "Disclosed":
        """Return the same items told with another precision; the id says so."""
        told = ", ".join(f"{name} {value}" for name, value in changes.items())
        precision = replace(self.precision, **changes)  # type: ignore[arg-type]
        return replace(self, id=f"{self.id} ({told})", precision=precision)


def words_of(regime: Regime) -> dict[str, str]:
    """Return how a regime is spoken of: description, clause, noun and heading, "" where unknown.

    Examples
    --------
    >>> words_of(Disclosed(id="half", description="Half is told.", noun="half of it"))["noun"]
    'half of it'
    """
    names = ("description", "clause", "noun", "heading")
    words = {name: getattr(regime, name, "") for name in names}
    if not hasattr(regime, "description"):
        warn_renamed("Regime.prose", "description")
        words["description"] = getattr(regime, "prose", "")
    return words
