"""A letter to one person: the decision, what cost most, and what would change it."""

import textwrap
from dataclasses import dataclass
from html import escape
from typing import Any

from credit_ml.core import Dataset
from credit_ml.disclosure.recourse import recourse
from credit_ml.explanation import Reasons, readable, reasons_for
from credit_ml.response.action_kind import action_kinds
from credit_ml.response.menu import Menu, default_menu
from credit_ml.scoring import display_name


@dataclass(frozen=True, kw_only=True)
class Notice:
    """An adverse-action notice with recourse, as one letter.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> letter = notice(problem.model, problem.people, 1, threshold=550, decision="a car")
    >>> letter.status, [name for name, _ in letter.steps]
    ('cheapest', ['save up and pay every bill on time'])
    """

    reasons: Reasons
    """What moved the score, by factor."""
    rater: str
    threshold: float
    decision: str
    """What was asked for."""
    status: str
    """"granted already", "cheapest" or "impossible"."""
    steps: tuple[tuple[str, str], ...]
    """What would change the decision: each action and whether it only looks better."""
    cost: float
    """Of all steps together, share of own yearly income."""
    then: float
    """Score after the steps."""

    def text(self) -> str:
        """Return the letter."""
        score, unit = self.reasons.score, self.reasons.unit
        passed = self.status == "granted already"
        opening = (
            f"{self.rater} has decided on your request: {self.decision}. It is "
            f"{'granted' if passed else 'refused'}, because your score is "
            f"{readable(score, digits=4)} {unit} and {readable(self.threshold, digits=4)} are "
            "needed."
        )
        lines = ["Dear citizen,", opening, *self._causes(), *([] if passed else self._way())]
        lines.append("You may ask for the records that were used, and have errors corrected.")
        return "\n\n".join(textwrap.fill(line, 88) for line in lines)

    def _causes(self) -> list[str]:
        worst = self.reasons.sentences(costs=True)
        if not worst:
            return ["No record of yours would by itself raise your score if it were typical."]
        return ["What cost you most, against other people:", *(f"- {line}" for line in worst)]

    def _way(self) -> list[str]:
        if self.status == "impossible":
            return [
                "Nothing on our list of actions, alone or together, would bring you to the "
                "threshold today. What holds you back is not in your hands, or takes time."
            ]
        steps = "; ".join(f"{name} ({caveat})" if caveat else name for name, caveat in self.steps)
        return [
            f"The cheapest way to the threshold that we know: {steps}. Together that costs about "
            f"{100 * self.cost:.1f} % of your yearly income, and your score would be "
            f"{readable(self.then, digits=4)}. Every cheaper way was tried and falls short."
        ]

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(part)}</p>" for part in self.text().split("\n\n"))


def notice(
    model: Any,
    dataset: Dataset,
    citizen: int,
    *,
    threshold: float,
    decision: str,
    menu: Menu | None = None,
    most: int = 4,
    seed: int = 0,
) -> Notice:
    """Write to one person: the decision, up to four reasons, and the cheapest recourse.

    Cost: that of `reasons_for` and of `recourse` for one person.

    Parameters
    ----------
    model : rater, scikit-learn model or callable
    dataset : Dataset
    citizen : int
        Row of the person.
    threshold : float
        Score from which the request is granted.
    decision : str
        What was asked for, such as "a car without a deposit".
    menu : Menu, optional
        What people can do; the default menu by default.
    most : int
        Reasons at most.

    Raises
    ------
    TableError
        When the dataset has no such row.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> letter = notice(rater, rater.agency.view(society), 7, threshold=110, decision="a discount")
    >>> letter.text().splitlines()[0]
    'Dear citizen,'
    """
    reasons = reasons_for(model, dataset, citizen, most=most, seed=seed)
    chosen = menu or default_menu()
    person = recourse(model, dataset.take([citizen]), threshold=threshold, menu=chosen).people.iloc[
        0
    ]
    named = {action.id: action for action in chosen.actions}
    done = [named[action] for action in person["actions"]]
    return Notice(
        reasons=reasons,
        rater=display_name(model),
        threshold=threshold,
        decision=decision,
        status=str(person["status"]),
        steps=tuple((each.name, action_kinds()[each.kind].caveat) for each in done),
        cost=float(person["cost"]),
        then=float(person["then"]),
    )
