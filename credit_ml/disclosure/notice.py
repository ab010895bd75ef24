"""A letter to one person: the decision, what cost most, and what would change it."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from html import escape
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from credit_ml.core import (
    Dataset,
    InputError,
    ModelError,
    TableError,
    beside,
    need_known,
    refuse_weights,
)
from credit_ml.core.renamed import grouped_keywords
from credit_ml.disclosure.recourse import recourse
from credit_ml.explanation import Reasons, readable
from credit_ml.explanation.reasons import as_score, digits_apart
from credit_ml.explanation.reasons.compute import reasons_of
from credit_ml.response.action_kind import action_kinds
from credit_ml.response.menu import Action, Menu, menu_of
from credit_ml.response.menu_checks import actions_on
from credit_ml.scoring import (
    CrossFitted,
    ScoreFunction,
    checked_threshold,
    display_name,
    score_function,
)

#: People to whom is written at once.
AT_ONCE = 8_192
#: What a letter says of people's rights, by jurisdiction.
RIGHTS: dict[str, str] = beside(__file__)["rights"]


@dataclass(frozen=True, kw_only=True)
class LetterOptions:
    """What a letter says beside the decision: who made the score, when, and under which law.

    Examples
    --------
    >>> LetterOptions(provider="A bureau, 1 High Street", on="2026-11-29", jurisdiction="uk").most
    4
    """

    most: int = 4
    """Reasons at most."""
    inquiries: str = ""
    """Column that counts inquiries into the file, named as a fifth reason where it is one."""
    provider: str = ""
    """Who made the score; the model's name by default."""
    on: date | str | None = None
    """Day on which the score was made; today by default."""
    score_range: tuple[float, float] | None = None
    """Least and largest possible score; the scale's own where it has ends, else that of the people
    in the table."""
    jurisdiction: str = ""
    """Whose rights the letter ends with: eu, uk, us or cn; "" for none of them."""
    seed: int = 0
    """Of the people compared with."""

    def __post_init__(self) -> None:
        InputError.unless_at_least(1, "most", self.most)
        if self.jurisdiction:
            need_known(InputError, "jurisdiction", self.jurisdiction, RIGHTS)
        object.__setattr__(self, "on", day_of(self.on))
        if self.score_range is not None:
            low, high = self.score_range
            problem, remedy = f"is {self.score_range}", "give the lowest score first"
            InputError.unless(low < high, "score_range", problem, remedy)


def day_of(on: date | str | None) -> date:
    """Return a day given as itself or as text; today by default.

    Raises
    ------
    InputError
        When the text is no date.

    Examples
    --------
    >>> day_of("2026-11-29").year
    2026
    """
    if on is None:
        return date.today()
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(str(on))
    except ValueError:
        problem, remedy = f"is {on!r}, which is no date", "give year, month and day: 2026-11-29"
        raise InputError("on", problem, remedy) from None


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
    """"granted already", "cheapest", "impossible" or "not found" as in `recourse`; "not said" where
    nobody said what people can do."""
    steps: tuple[tuple[str, str], ...]
    """What would change the decision: each action and whether it only looks better."""
    cost: float
    """Of all steps together, share of own yearly income."""
    then: float
    """Score after the steps."""
    options: LetterOptions = field(default_factory=LetterOptions)
    score_range: tuple[float, float] = (-math.inf, math.inf)
    """Least and largest score, of the scale or of the people in the table."""
    actions: tuple[Action, ...] = field(default=(), repr=False)
    """The steps themselves."""
    immutable: tuple[str, ...] = ()
    """Columns that the menu lets nothing move."""
    source: tuple[Any, Dataset] | None = field(default=None, repr=False, compare=False)
    """Model and people, so that the letter can be held against them (`verify`)."""

    @property
    def provider(self) -> str:
        """Who made the score."""
        return self.options.provider or self.rater

    @property
    def rights(self) -> str:
        """What the letter says of the person's rights."""
        return RIGHTS.get(self.options.jurisdiction, "")

    def verify(self) -> list[str]:
        """Hold the letter against the model and the person's records; return what is false in it.

        - every reason's column, moved to what is typical, changes the score in the direction and
          by the amount said; values and typical values are the table's;
        - points add up to the score less the reference, so that no factor is left out;
        - what is recommended touches no sensitive feature and nothing that cannot be changed, and
          brings the person to the threshold, as said;
        - at most the asked number of reasons (and one more for inquiries); score within its range;
          date, provider and rights are there.

        Examples
        --------
        >>> from credit_ml.disclosure.case import example_problem
        >>> problem = example_problem()
        >>> notice(problem.model, problem.people, 1, threshold=550, decision="a car").verify()
        []
        """
        from credit_ml.disclosure.verified import falsehoods

        return falsehoods([self])[0]

    def text(self) -> str:
        """Return the letter, as `letter.txt.j2` has it."""
        # A score short of the threshold is written with as many digits as show that.
        digits = digits_apart(self.reasons.score, self.threshold, digits=4)
        written = _template().render(
            letter=self,
            passed=self.status == "granted already",
            worst=self.reasons.sentences(costs=True),
            low=self.score_range[0],
            high=self.score_range[1],
            digits=lambda number: readable(number, digits=digits),
            score=lambda number, unit: as_score(number, unit, digits),
        )
        return "\n\n".join(_filled(part) for part in written.split("\n\n") if part.strip())

    def __repr__(self) -> str:
        return f"Notice({self.rater}: {self.decision}; {self.status}; letter in .text())"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(part)}</p>" for part in self.text().split("\n\n"))


@cache
def _template() -> Any:
    from jinja2 import Template

    text = files("credit_ml.disclosure").joinpath("letter.txt.j2").read_text("utf-8")
    return Template(text, trim_blocks=True, lstrip_blocks=True)


@lru_cache(256)  # what the law says stands in every letter
def _filled(paragraph: str) -> str:
    return textwrap.fill(" ".join(paragraph.split()), 88, break_on_hyphens=False)


@grouped_keywords("letter", LetterOptions, "most", "seed")
def notice(
    model: Any,
    dataset: Dataset,
    citizen: int,
    *,
    threshold: float,
    decision: str,
    menu: Menu | Mapping[str, Any] | str | Path | None = None,
    income: float | None = None,
    letter: LetterOptions | None = None,
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
        What people can do, as in `recourse`. Without one, a letter about a table of which the
        package's menu moves nothing says that this is not said.
    income : float, optional
        The person's, a month, in the unit of the menu's prices; else as in `recourse`.
    letter : LetterOptions, optional
        Who made the score, when, under which law, and how many reasons are given.

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
    of: dict[str, Any] = {"threshold": threshold, "decision": decision, "menu": menu}
    return next(notices(model, dataset, [citizen], income=income, letter=letter, **of))


def notices(
    model: Any,
    dataset: Dataset,
    citizens: Sequence[int] | None = None,
    *,
    threshold: float,
    decision: str,
    menu: Menu | Mapping[str, Any] | str | Path | None = None,
    income: npt.ArrayLike | None = None,
    letter: LetterOptions | None = None,
) -> Iterator[Notice]:
    """Write to many people, each as `notice` would; the letters come one after another.

    Cost: that of `notice` for each, in few calls of the model; some tens of megabytes, however many
    letters there are.

    Parameters
    ----------
    citizens : sequence of int, optional
        Rows; everybody by default.
    income : array_like, optional
        Of each of them, or one of all.
    model, dataset, threshold, decision, menu, letter
        As in `notice`. Of a CrossFitted everybody is written to by the model of the own fold, which
        never saw them and made their score.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> found = notices(problem.model, problem.people, threshold=550, decision="a car")
    >>> [each.status for each in found]
    ['granted already', 'cheapest', 'impossible']
    """
    refuse_weights(dataset, "notices")
    told, rows = letter or LetterOptions(), range(len(dataset)) if citizens is None else citizens
    if isinstance(model, CrossFitted):
        how: dict[str, Any] = {"threshold": threshold, "decision": decision, "menu": menu}
        return _by_fold(model, dataset, rows, income, how | {"letter": told})
    chosen, read = menu_of(menu), dataset.reading(model)
    ways: tuple[Action, ...] = ()
    unsaid = menu is None and not {*chosen.needed} & {*read.X.columns}
    if unsaid:
        checked_threshold(model, threshold)
    else:
        read, ways = actions_on(chosen, model, dataset)
    of: dict[str, Any] = {
        "rater": display_name(model),
        "threshold": threshold,
        "decision": decision,
        "options": told,
        "score_range": range_of(model, read, told),
        "immutable": chosen.immutable,
        "source": (model, read),
    }
    asked: dict[str, Any] = {"most": told.most, "seed": told.seed, "inquiries": told.inquiries}
    named, caveats = {way.id: way for way in ways}, action_kinds()
    monthly = None if income is None else np.broadcast_to(np.asarray(income), (len(rows),))

    def written(start: int) -> Iterator[Notice]:
        place = slice(start, start + AT_ONCE)
        some = list(rows[place])
        reasons = reasons_of(model, dataset, some, **asked)
        if unsaid:
            found = [_unsaid(each.score, threshold) for each in reasons]
        else:
            own = None if monthly is None else monthly[place]
            people = recourse(
                model, dataset.take(some), threshold=threshold, menu=chosen, income=own
            ).people
            kept = (people[name].tolist() for name in ("status", "actions", "cost", "then"))
            found = list(zip(*kept, strict=True))
        for each, (status, ids, cost, then) in zip(reasons, found, strict=True):
            done = tuple(named[action] for action in ids)
            yield Notice(
                reasons=each,
                status=str(status),
                steps=tuple((way.name, caveats[way.kind].caveat) for way in done),
                cost=float(cost),
                then=float(then),
                actions=done,
                **of,
            )

    # What cannot be is refused now, and letters are written as they are asked for.
    return chain.from_iterable(map(written, range(0, len(rows), AT_ONCE)))


def _by_fold(
    model: CrossFitted,
    dataset: Dataset,
    rows: Sequence[int],
    income: npt.ArrayLike | None,
    how: Mapping[str, Any],
) -> Iterator[Notice]:
    """Write to everybody by the model that made the own score, in the order asked for."""
    problem = f"was fitted on {len(model):,} people, and the table has {len(dataset):,}"
    ModelError.unless(len(model) == len(dataset), model.name, problem, "give the table it is of")
    fold_of = np.empty(len(dataset), dtype=np.intp)
    for number, fold in enumerate(model.folds):
        fold_of[fold.rows] = number
    asked = np.asarray(rows, dtype=np.intp)
    inside = bool(((asked >= 0) & (asked < len(dataset))).all())
    TableError.unless(inside, "citizens", "are no rows of the table", "give rows from 0 on")
    monthly = None if income is None else np.broadcast_to(np.asarray(income), asked.shape)
    several = []
    for number, fold in enumerate(model.folds):
        own = fold_of[asked] == number
        part = None if monthly is None else monthly[own]
        several.append(notices(fold.model, dataset, asked[own].tolist(), income=part, **how))
    return (replace(next(several[fold_of[row]]), rater=model.name) for row in asked)


def _unsaid(score: float, threshold: float) -> tuple[str, tuple[str, ...], float, float]:
    """What is said of a way to the threshold where nobody has said what people can do."""
    passed = score >= threshold
    return ("granted already", (), 0.0, score) if passed else ("not said", (), math.nan, math.nan)


def range_of(model: Any, dataset: Dataset, told: LetterOptions) -> tuple[float, float]:
    """Least and largest score: as told, of the scale, of probabilities, or of the table."""
    if told.score_range is not None:
        return told.score_range
    scale = getattr(model, "scale", None)
    low, high = (float(getattr(scale, end, math.nan)) for end in ("low", "high"))
    if math.isfinite(low) and math.isfinite(high):
        return low, high
    score: ScoreFunction = score_function(model, dataset=dataset)
    if score.unit == "probability":
        return 0.0, 1.0
    known = score(dataset.X)
    return float(np.min(known)), float(np.max(known))
