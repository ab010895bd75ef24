"""Sign-up on a society: with treats, with firms that cannot refuse the State, and compulsory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.consequences.finding import ByGroup, GroupOptions
from credit_ml.core import Array, InputError, Mask, Streams, conform
from credit_ml.governance.enrolment.finding import SCHEMES, UNITS, Enrolment
from credit_ml.governance.enrolment.trust import TrustRule, trust_after
from credit_ml.governance.enrolment.unravel import Silence, ranks, silence, uniform_threshold
from credit_ml.inference import Estimate, checked_societies, difference, resample_societies
from credit_ml.society import COLUMNS, COMPANIES, Society

#: Streams that people can leave out of their own papers: where trust decides on honesty.
OWN_PAPERS = ("phone", "address", "employment", "giving")
#: The scheme in which firms cannot refuse the State, and the rule that others are held against.
FIRMS, OPEN = "firms_compelled", "open"
#: A measure, what estimates it, and of which values.
Asked = tuple[str, Callable[..., Estimate], tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class EnrolmentOptions:
    """What sign-up is worth; every number is assumed, in shares of the own yearly income.

    Examples
    --------
    >>> EnrolmentOptions(treat=0.0).worth
    0.05
    """

    worth: float = 0.05
    """What the first place is worth more than the last, to whoever is thought to have it."""
    treat: float = 0.002
    """What signing up brings by itself."""
    privacy: float = 0.01
    """What one's records are worth to oneself, at a trust of one half; nothing at full trust."""
    taste: float = 0.5
    """How far people differ in what privacy is worth: standard deviation of its logarithm."""
    withheld: float = 0.3
    """Share who leave papers out at no trust; nobody does at full trust."""
    years: int = 10
    """For which trust moves before people sign up."""
    rules: Mapping[str, TrustRule] = field(
        default_factory=lambda: {
            "no_errors": TrustRule(),
            "open": TrustRule(errors=0.1, noticed=0.8, mended=0.8),
            "opaque": TrustRule(errors=0.1, noticed=0.3, mended=0.1, opacity=1.0),
        }
    )
    """What moves trust, by rule."""
    societies: int = 0
    """Other societies for intervals over them; 0 leaves those of the table."""

    def __post_init__(self) -> None:
        for name in ("worth", "treat", "privacy", "taste", "withheld"):
            value = getattr(self, name)
            place, remedy = f"enrolment, {name}", "give a number from 0 to 1"
            usable = isinstance(value, int | float) and 0 <= value <= 1
            InputError.unless(usable, place, f"is {value!r}", remedy)
        InputError.unless(self.worth > 0, "enrolment, worth", "is 0", "give more")
        whole = isinstance(self.years, int) and not isinstance(self.years, bool)
        usable, remedy = whole and self.years >= 0, "give a whole number of at least 0"
        InputError.unless(usable, "enrolment, years", f"are {self.years!r}", remedy)
        InputError.unless(self.rules, "enrolment, rules", "are none", "name at least one")
        if self.societies:
            checked_societies(self.societies)


def enrolment(
    rater: Rater,
    society: Society,
    *,
    options: EnrolmentOptions | None = None,
    sensitive: Sequence[str] | str | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Enrolment:
    """Say who signs up for a score, what silence says of the rest, and what trust changes.

    One's place among all by the score is worth up to `worth`; whoever does not sign up is thought
    to have the mean place of those who do not (`silence`). Signing up brings a treat and costs
    what privacy is worth, ``2 privacy (1 - trust)`` times a taste of mean 1. Where firms cannot
    refuse the State, it has the records of whoever any of the eight companies knows, so that
    silence spares these people nothing, and signing up costs them nothing more. Under compulsion
    all are in, and bear that cost.

    Trust comes out of years under a rule of openness (`TrustRule`). Whoever trusts less leaves
    papers out more often: the score is asked again with those missing.

    Cost: one reading of the society a rule; with `societies`, in each of them.

    Parameters
    ----------
    rater : Rater
    society : Society
    options : EnrolmentOptions, optional
    sensitive : str or sequence of str, optional
        Features by whose groups who joins is told; all by default.
    intervals : float
        Level.
    seed : int
        Of errors, of who leaves papers out, and of other societies.

    Raises
    ------
    InputError
        When an option is out of range.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> found = enrolment(load_agency("council").fit(society), society, sensitive="hukou")
    >>> joined = found.table.query("measure == 'joined' and group == 'all' and rule == 'open'")
    >>> joined.set_index("scheme")["estimate"]["compulsory"].item()
    1.0
    """
    options = options or EnrolmentOptions()

    def measured(one: Society) -> Enrolment:
        case = _SignUp.of(
            rater, one, options, seed, {"sensitive": sensitive, "intervals": intervals}
        )
        rows = list(case.all_rows())
        return Enrolment(
            table=conform(rows).assign(unit=lambda table: table["measure"].map(UNITS)),
            title=f"Who signs up: {rater.name}",
            parameters={"rater": rater.name, **_assumed(options), **case.by.parameters},
            seed=seed,
            notes=("What places, treats and privacy are worth is assumed.", case.by.people.note),
        )

    if not options.societies:
        return measured(society)
    return resample_societies(
        society, measured, societies=options.societies, intervals=intervals, seed=seed
    )


def _assumed(options: EnrolmentOptions) -> dict[str, Any]:
    """What a finding keeps of what was assumed."""
    numbers = ("worth", "treat", "privacy", "taste", "withheld", "years")
    return {name: getattr(options, name) for name in numbers} | {
        "rules": {name: asdict(rule) for name, rule in options.rules.items()}
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class _State:
    """What a rule of openness leaves behind, before anybody signs up."""

    trust: Array
    honest: Mask
    points: Array
    place: Array
    """By these points, from 0 to 1."""
    cost: Array
    """What privacy is worth to each."""
    alike: Array
    """The same without differences in taste."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _SignUp:
    """One society before it signs up."""

    rater: Rater
    dataset: Any
    by: ByGroup
    options: EnrolmentOptions
    known: Mask
    """Whose records some company has."""
    seed: int
    """Of this society's own chance."""

    @classmethod
    def of(
        cls,
        rater: Rater,
        society: Society,
        options: EnrolmentOptions,
        seed: int,
        groups: GroupOptions,
    ) -> "_SignUp":
        dataset = rater.agency.view(society)
        companies = society.holders[[f"company_{n + 1}" for n in range(COMPANIES)]]
        return cls(
            rater=rater,
            dataset=dataset,
            by=ByGroup(dataset, **groups),
            options=options,
            known=companies.any(axis=1).to_numpy(),
            seed=Streams(seed).seed_for(f"enrolment.{society.world.seed}"),
        )

    def all_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what every scheme does under every rule, then rules beside open ones."""
        states = {rule: self._state(rule) for rule in self.options.rules}
        for rule, state in states.items():
            for scheme in SCHEMES:
                yield from self._of_scheme(scheme, rule, state)
            yield from self._alike(rule, state)
            if rule != OPEN and OPEN in states:
                yield from self._over_open(rule, state, states[OPEN])

    def _state(self, rule: str) -> "_State":
        options = self.options
        trust = trust_after(options.rules[rule], len(self.dataset), options.years, seed=self.seed)
        honest = self._luck() >= options.withheld * (1.0 - trust)
        points = self.rater.score(self._seen(honest)).to_numpy(dtype=np.float64)
        cost = 2.0 * options.privacy * (1.0 - trust)
        own = {"cost": cost * self._taste(), "alike": cost}
        return _State(trust=trust, honest=honest, points=points, place=ranks(points), **own)

    def _told(self, scheme: str, state: "_State") -> tuple[Silence, Mask]:
        """What silence says under a scheme, and who joins."""
        extra = np.where(self.known, 0.0, state.cost) if scheme == FIRMS else state.cost
        told = self._silence(state.place, extra)
        return told, np.ones(len(extra), dtype=bool) if scheme == "compulsory" else told.shown

    def _silence(self, place: Array, cost: Array) -> Silence:
        return silence(place, (cost - self.options.treat) / self.options.worth)

    def _of_scheme(self, scheme: str, rule: str, state: "_State") -> Iterator[dict[str, Any]]:
        options, people = self.options, self.by.people
        place, cost = state.place, state.cost
        willing = self._silence(place, cost).shown
        told, joined = self._told(scheme, state)
        borne = joined | ((scheme == FIRMS) & self.known)
        worth = options.worth * np.where(joined, place, told.believed)
        asked: list[Asked] = [
            ("joined", people.share, (joined,)),
            ("in_reach", people.share, (borne,)),
            ("unwilling", people.share, (borne & ~willing,)),
            ("gain", people.mean, (worth + options.treat * joined - cost * borne,)),
            ("trust", people.mean, (state.trust,)),
            ("honest", people.share, (state.honest,)),
        ]
        kept = self.dataset.y.to_numpy() == 1
        labels = {"scheme": scheme, "rule": rule}
        yield from self._labelled(labels, asked)
        yield labels | {"measure": "auc"} | people.auc(state.points, kept).facts(self.by.level)
        yield from self._of_silence(labels, joined, told.believed, place, kept)

    def _alike(self, rule: str, state: "_State") -> Iterator[dict[str, Any]]:
        """Yield who would join were privacy worth the same to all, beside the closed form."""
        joined = self._silence(state.place, state.alike).shown
        labels = {"scheme": "voluntary", "rule": rule}
        size = {"people": len(joined)}
        # Places are spread evenly in every society: no chance is in it but that of errors.
        alike = {"measure": "joined_alike", "estimate": float(joined.mean())}
        yield labels | size | alike
        if np.ptp(state.alike) == 0:
            cost = (float(state.alike[0]) - self.options.treat) / self.options.worth
            off = float(joined.mean()) - (1.0 - uniform_threshold(max(cost, 0.0)))
            yield labels | size | {"measure": "off_formula", "estimate": off}

    def _over_open(self, rule: str, state: "_State", base: "_State") -> Iterator[dict[str, Any]]:
        """Yield what a rule does to the same people beside open rules."""
        mean, labels = self.by.people.mean, {"scheme": "voluntary", "rule": rule}
        joined, before = (self._told("voluntary", each)[1] for each in (state, base))
        asked: list[Asked] = [
            ("joined_over_open", mean, (joined.astype(float) - before,)),
            ("trust_over_open", mean, (state.trust - base.trust,)),
            ("honest_over_open", mean, (state.honest.astype(float) - base.honest,)),
        ]
        yield from self._labelled(labels, asked)
        kept, auc = self.dataset.y.to_numpy() == 1, self.by.people.auc
        lost = difference(auc(state.points, kept), auc(base.points, kept))
        yield labels | {"measure": "auc_over_open"} | lost.facts(self.by.level)

    def _of_silence(
        self, labels: dict[str, Any], joined: Mask, believed: float, place: Array, kept: Mask
    ) -> Iterator[dict[str, Any]]:
        people, level = self.by.people, self.by.level
        yield labels | {"measure": "keep_joined"} | people.share(kept, joined).facts(level)
        if joined.all():
            return
        alone = ~joined
        size = {"people": int(alone.sum())}
        yield labels | size | {"measure": "believed", "estimate": believed}
        yield labels | {"measure": "keep_silent"} | people.share(kept, alone).facts(level)
        wrong = place > believed
        yield labels | {"measure": "misjudged"} | people.share(wrong, alone).facts(level)
        # Of all, that groups of whom nobody is silent have a share too.
        asked: list[Asked] = [("hurt_by_silence", people.share, (alone & wrong,))]
        yield from self._labelled(labels, asked)

    def _labelled(
        self, labels: Mapping[str, str], asked: Sequence[Asked]
    ) -> Iterator[dict[str, Any]]:
        for measure, estimate, values in asked:
            for row in self.by.rows("", measure, estimate, *values):
                row.pop("consequence")
                yield {**labels, **row}

    def _luck(self) -> Array:
        # The same under every rule, so that who trusts more is never less honest.
        return Streams(self.seed).generator("enrolment.honest").random(len(self.dataset))

    def _taste(self) -> Array:
        spread = self.options.taste
        normal = Streams(self.seed).generator("enrolment.taste").standard_normal(len(self.dataset))
        return np.asarray(np.exp(spread * normal - spread**2 / 2))

    def _seen(self, honest: Mask) -> pd.DataFrame:
        seen: pd.DataFrame = self.dataset.X
        if honest.all():
            return seen
        seen = seen.copy()
        for name in (each for each in seen.columns if COLUMNS[str(each)].stream in OWN_PAPERS):
            kind: Any = seen[name].dtype if COLUMNS[str(name)].categories else np.float32
            seen[name] = seen[name].astype(kind).mask(~honest)
        return seen
