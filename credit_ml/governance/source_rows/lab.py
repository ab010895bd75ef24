"""One society's worlds, raters and years, each made once however many rows ask for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from credit_ml.agencies import Agency, Rater, load_agency
from credit_ml.core import Array, Dataset, InputError
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.disclose import follow
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.disclosure.regimes import load_regime
from credit_ml.dynamics import Policy, SocietyHistory, load_policy, run_rounds
from credit_ml.governance.source_rows.row import Setting
from credit_ml.response import ResponseOptions, load_menu
from credit_ml.society import COLUMNS, Society, World, load_world

Made = TypeVar("Made")

#: Keys of a setting by what they decide.
_WORLD = ("world", "knobs")
_AGENCY = (*_WORLD, "agency", "changes", "without_streams", "without_rules")
_YEARS = (*_WORLD, "policy", "policy_changes", "years")
_ANSWERS = (*_AGENCY, "regime", "menu", "without_kinds")


@dataclass(frozen=True, kw_only=True)
class RowLab:
    """A seed and a number of citizens, and everything that settings make of them.

    Worlds of one lab share every draw, so that what differs between two settings is the switch.

    Examples
    --------
    >>> lab = RowLab(citizens=100, seed=1)
    >>> setting = Setting(means="as ever", agency="council")
    >>> lab.society(setting) is lab.society(setting), len(lab.points(setting))
    (True, 100)
    """

    citizens: int
    seed: int
    _made: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    def society(self, setting: Setting) -> Society:
        """The society of a setting's world."""
        return self._once("society", setting, _WORLD, lambda: self._world(setting).simulate())

    def agency(self, setting: Setting) -> Agency:
        """The agency of a setting, changed as it says."""
        InputError.unless(setting.agency, setting.means, "names no agency", "give one")
        agency = load_agency(str(setting.agency))
        given = agency.model_dump() | setting.changes
        left_out = set(setting.without_streams)
        for key in ("streams", "joined"):
            given[key] = [stream for stream in given[key] if stream not in left_out]
        given["rules"] = [r for r in given["rules"] if r["column"] not in setting.without_rules]
        return Agency.from_dict(given, place=setting.means)

    def rater(self, setting: Setting) -> Rater:
        """The agency, trained on the setting's society."""
        return self._once(
            "rater", setting, _AGENCY, lambda: self.agency(setting).fit(self.society(setting))
        )

    def view(self, setting: Setting) -> Dataset:
        """What the agency sees of the society."""
        return self._once(
            "view", setting, _AGENCY, lambda: self.agency(setting).view(self.society(setting))
        )

    def points(self, setting: Setting) -> Array:
        """Everybody's points."""

        def make() -> Array:
            seen = self.view(setting).X
            for name, column in COLUMNS.items():
                if column.stream in setting.typical_streams and name in seen:
                    seen = seen.assign(**{name: seen[name].median()})
            return self.rater(setting).score(seen).to_numpy()

        return self._once("points", setting, (*_AGENCY, "typical_streams"), make)

    def history(self, setting: Setting) -> SocietyHistory:
        """The society's years under the setting's policy."""

        def make() -> SocietyHistory:
            named = load_policy(str(setting.policy))
            given = named.model_dump(exclude_none=True) | setting.policy_changes
            policy = Policy.from_dict(given, place=setting.means)
            return run_rounds(self.society(setting), policy, years=setting.years)

        return self._once("history", setting, _YEARS, make)

    def case(self, setting: Setting) -> DisclosureCase:
        """Everybody's decision what to do about the score, before anything is told."""

        def make() -> DisclosureCase:
            menu = load_menu(setting.menu)
            able = [each for each in menu.actions if each.kind not in setting.without_kinds]
            response = ResponseOptions(menu=menu.model_copy(update={"actions": tuple(able)}))
            rater, view = self.rater(setting), self.view(setting)
            return case_of(rater, view, response, society=self.society(setting))

        keys = tuple(key for key in _ANSWERS if key != "regime")
        return self._once("case", setting, keys, make)

    def answers(self, setting: Setting) -> ResponseOutcome:
        """What everybody has after answering what the regime tells."""
        return self._once(
            "answers",
            setting,
            _ANSWERS,
            lambda: follow(self.case(setting), load_regime(str(setting.regime))),
        )

    def _world(self, setting: Setting) -> World:
        named = load_world(setting.world, citizens=self.citizens, seed=self.seed)
        given = _with(named.to_dict(), setting.knobs)
        return World.from_dict(given, place=setting.means)

    def _once(
        self, what: str, setting: Setting, keys: tuple[str, ...], make: Callable[[], Made]
    ) -> Made:
        key = what, json.dumps(setting.model_dump(include=set(keys)), sort_keys=True)
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found


def _with(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    both = base | changes
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(base.get(name), dict):
            both[name] = _with(base[name], value)
    return both


def percentiles(points: Array) -> Array:
    """Share of people with fewer points, half of the equals with them, out of 100.

    Examples
    --------
    >>> percentiles(np.array([600.0, 500.0, 600.0, 700.0])).tolist()
    [50.0, 12.5, 50.0, 87.5]
    """
    from scipy.stats import rankdata

    return np.asarray(100 * (rankdata(points) - 0.5) / len(points))
