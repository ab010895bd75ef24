"""A letter to one person: the decision, what cost most, and what would change it."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from credit_ml.core import Dataset, refuse_weights
from credit_ml.disclosure.recourse import recourse
from credit_ml.explanation import Reasons, readable, reasons_for
from credit_ml.response.action_kind import action_kinds
from credit_ml.response.menu import Menu, menu_of
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
        """Return the letter, as `letter.txt.j2` has it."""
        from jinja2 import Template

        template = files("credit_ml.disclosure").joinpath("letter.txt.j2").read_text("utf-8")
        written = Template(template, trim_blocks=True, lstrip_blocks=True).render(
            letter=self,
            passed=self.status == "granted already",
            worst=self.reasons.sentences(costs=True),
            digits=lambda number: readable(number, digits=4),
        )
        lines = [part.strip() for part in written.split("\n\n") if part.strip()]
        return "\n\n".join(textwrap.fill(" ".join(line.split()), 88) for line in lines)

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(part)}</p>" for part in self.text().split("\n\n"))


def notice(
    model: Any,
    dataset: Dataset,
    citizen: int,
    *,
    threshold: float,
    decision: str,
    menu: Menu | Mapping[str, Any] | str | Path | None = None,
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
    menu : Menu, mapping, str or Path, optional
        What people can do, as in `recourse`.
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
    refuse_weights(dataset, "notice")
    reasons = reasons_for(model, dataset, citizen, most=most, seed=seed)
    chosen = menu_of(menu)
    found = recourse(model, dataset.take([citizen]), threshold=threshold, menu=chosen)
    person = found.people.iloc[0]
    named = {way.id: way for action in chosen.actions for way in action.variants}
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
