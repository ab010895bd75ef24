"""What people are told of a score, and how precisely: two parts, crossed freely."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, get_args

from credit_ml.core import MenuError, refuse_unknown
from credit_ml.disclosure.beliefs.advice import Advice, Advised
from credit_ml.disclosure.beliefs.belief import Belief, Inert, ScoreBelief
from credit_ml.disclosure.beliefs.linear import linear_belief
from credit_ml.disclosure.beliefs.precision import Item, Precision
from credit_ml.disclosure.beliefs.disclosed_models import distorted, released
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.counterfactual import counterfactual, recommendation


class Regime(Protocol):
    """A rule of disclosure. Users add their own: any object with these members will do."""

    @property
    def id(self) -> str:
        """Short name, as in tables."""

    @property
    def prose(self) -> str:
        """What people are told, as a sentence."""

    def belief(self, problem: DecisionProblem) -> Belief:
        """Return what people then hold to be true (`credit_ml.disclosure.beliefs.belief`)."""
        ...


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

    Without own score, people reckon it from these weights; without the cut-off, they take it to
    be the middle of all scores. Either leaves an uncertainty, which they weigh in.

    Examples
    --------
    >>> Disclosed(id="half", prose="Weights to one digit.", tells={"weights", "cut_off"},
    ...           precision=Precision(rounding=0.1)).tells == {"cut_off", "weights"}
    True
    """

    id: str
    prose: str
    tells: frozenset[Item] = field(default_factory=frozenset)
    precision: Precision = field(default_factory=Precision)
    prior: Literal["inert", "common"] = "common"
    """What people do who are told nothing of what counts: nothing, or act on equal weights."""
    advice: Advice | None = None
    """Who sells the whole model to those whom it pays, if anybody does."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tells", frozenset(self.tells))
        for item in sorted(self.tells):
            if item not in get_args(Item):
                refuse_unknown(MenuError, f"regime '{self.id}', tells", item, get_args(Item))

    def belief(self, problem: DecisionProblem) -> Belief:
        """Return the belief that the strongest item forms."""
        formed = self._formed(problem)
        return formed if self.advice is None else Advised(advice=self.advice, before=formed)

    def _formed(self, problem: DecisionProblem) -> Belief:
        if "model" in self.tells:
            return ScoreBelief(distorted(problem, self.precision))
        if "models" in self.tells:
            return ScoreBelief(released(problem, self.precision))
        if "counterfactual" in self.tells:
            return counterfactual(problem)
        if "recommendation" in self.tells:
            return recommendation(problem)
        if self.prior == "inert" and not self.tells:
            return Inert()
        return linear_belief(problem, self.tells, self.precision)

    def with_precision(self, **changes: object) -> "Disclosed":
        """Return the same items told with another precision; the id says so."""
        told = ", ".join(f"{name} {value}" for name, value in changes.items())
        precision = replace(self.precision, **changes)  # type: ignore[arg-type]
        return replace(self, id=f"{self.id} ({told})", precision=precision)


def _level(*more: Item) -> frozenset[Item]:
    """The own score and the cut-offs, and more."""
    return frozenset(("own_score", "cut_off", *more))


#: Named regimes, from the least that is told to the most.
REGIMES: dict[str, Disclosed] = {
    each.id: each
    for each in (
        Disclosed(id="nothing", prior="inert",
                  prose="Nothing is told; people leave their records as they are."),
        Disclosed(id="prior",
                  prose="Nothing is told; people act on a guess, every column weighing alike."),
        Disclosed(id="factors", tells=_level("factors"),
                  prose="The names of the factors, the own score and the thresholds are told."),
        Disclosed(id="direction", tells=_level("factors", "direction"),
                  prose="It is told which way each column counts, beside score and thresholds."),
        Disclosed(id="ranks", tells=_level("factors", "ranks"),
                  prose="The order of the columns' weights is told, beside score and thresholds."),
        Disclosed(id="rounded", tells=_level("weights"), precision=Precision(rounding=0.25),
                  prose="Weights are told in quarters of the largest, with score and thresholds."),
        Disclosed(id="weights", tells=_level("weights"),
                  prose="Weights are told, beside the own score and the thresholds."),
        Disclosed(id="weights_alone", tells=frozenset({"weights"}),
                  prose="Weights are told, but neither the own score nor the thresholds."),
        Disclosed(id="reasons", tells=_level("factors", "reasons"),
                  prose="Everybody is told what each factor adds to the own score."),
        Disclosed(id="counterfactual", tells=_level("counterfactual"),
                  prose="Everybody who is refused is told the least change that would do."),
        Disclosed(id="recommendation", tells=_level("recommendation"),
                  prose="Everybody who is refused is told which improvement would do."),
        Disclosed(id="examples", tells=_level("examples"),
                  prose="A hundred random people show their records and scores."),
        Disclosed(id="friends", tells=_level("friends"),
                  prose="Friends show each other their records and scores."),
        Disclosed(id="models", tells=_level("models"),
                  prose="Five models are told, of which one is the true one."),
        Disclosed(id="adviser", tells=_level("factors"), advice=Advice(),
                  prose="Factors are told; a third party sells the whole model (S15)."),
        Disclosed(id="adviser_rater", tells=_level("factors"), advice=Advice(seller="rater"),
                  prose="Factors are told; the rater itself sells the whole model (S15)."),
        Disclosed(id="full", tells=_level("model"),
                  prose="The whole model is told, so that everybody can compute any score."),
    )
}  # fmt: skip


def checked_regimes(regimes: Sequence[str | Regime]) -> list[Regime]:
    """Return regimes by name or as given.

    Raises
    ------
    MenuError
        When there is none, one is unknown, or one is given twice.
    """
    found: list[Regime] = []
    for regime in regimes:
        if isinstance(regime, str):
            if regime not in REGIMES:
                refuse_unknown(MenuError, "regimes", regime, REGIMES)
            found.append(REGIMES[regime])
        else:
            found.append(regime)
    ids = [regime.id for regime in found]
    if not ids:
        raise MenuError("regimes", "are empty", f"give some of {', '.join(REGIMES)}")
    for name in ids:
        if ids.count(name) > 1:
            raise MenuError("regimes", f"name '{name}' twice", "give each once")
    return found
