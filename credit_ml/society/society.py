"""A society: people, ties, records, outcomes, and the truth behind them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import expit, logit

from credit_ml.core import Rows, WorldError, need_known
from credit_ml.core.provenance import array_digest
from credit_ml.society.assembly import simulate
from credit_ml.society.block import Change
from credit_ml.society.sources import MECHANISMS
from credit_ml.society.twins import Base, bases, checked_codes, twins_among_others

if TYPE_CHECKING:
    from credit_ml.society.world import World

#: Twins that a society keeps, and so many citizens of them at most.
FEW_TWINS, MOST_KEPT = 6, 600_000
#: Tables of a society, in the order of its digest.
TABLES = ("people", "records", "outcome", "truth", "holders")


@dataclass(frozen=True, kw_only=True)
class Society:
    """What a world made: one row a citizen in every table, in the same order.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> society.people["hukou"].cat.categories.tolist(), society.ties.shape
    (['urban', 'rural'], (500, 500))
    """

    world: "World"
    """The parameters that made it."""
    people: pd.DataFrame
    """Sensitive features (categoricals), age in years, city, district, and the row of the partner
    in the household (`partner_row`, -1 for none)."""
    records: pd.DataFrame
    """Everything on file, columns as in `credit_ml.society.COLUMNS`."""
    ties: csr_array
    """Friendships: symmetric, 0 or 1, empty diagonal. A twin's rows are each its own world."""
    outcome: pd.DataFrame
    """Whether the obligation was kept, in the audited period (`kept`) and the one before it
    (`kept_before`), on which raters train, where it was granted at all (`granted_before`)."""
    truth: pd.DataFrame
    """What no rater sees: trust, capacity, district level and shock, burden of late bills,
    habits, all payments (thousand yuan a month), stars that raters' bias withholds, and the
    probability of keeping an obligation."""
    holders: pd.DataFrame
    """Who holds a citizen's records: ``company_1`` to ``company_8`` (S4), and ``linked``, whether
    accounts join on the state identity (S24)."""
    _bases: list[Base] = field(default_factory=list, repr=False, init=False)
    _twins: dict[Any, dict[str, Any]] = field(default_factory=dict, repr=False, init=False)
    """The last twins that were asked for, as several raters of one society ask for the same."""

    def __len__(self) -> int:
        return len(self.people)

    def __getstate__(self) -> dict[str, Any]:
        """Leave behind what was made for twins, which is as large as the society and made again."""
        return {**self.__dict__, "_bases": [], "_twins": {}}

    def __repr__(self) -> str:
        districts = self.people["district"].nunique()
        return (
            f"Society({len(self):,} citizens in {districts:,} districts; "
            f"{self.ties.nnz // 2:,} ties; {100 * self.outcome['kept'].mean():.1f} % kept)"
        )

    def twin(
        self,
        *,
        others: Literal["held", "everyone"] = "held",
        mechanisms: Collection[str] | None = None,
        people: Rows | None = None,
        **changes: str,
    ) -> "Society":
        """Return the citizens as they would be, had a sensitive feature another value.

        Chance is the same: every draw of every mechanism is the citizen's own. In a world with
        closure friends of friends who picked the citizen still do, so that what comes through
        friends is somewhat too small there (docs/society.md, "Twins").

        Cost: about that of `World.simulate`, of few people a third; nothing for one of the last few
        with others held.

        Parameters
        ----------
        others : {"held", "everyone"}
            "held": an intervention on one person, repeated for each; everybody else stays,
            so the twin meets the actual others as neighbours and friends. "everyone": all
            citizens change at once, friends and neighbours too.
        mechanisms : collection of str, optional
            Mechanisms that see the change; all by default (`credit_ml.society.MECHANISMS`).
        people : ndarray of int, optional
            Whose twins are returned, by rising places; everybody's by default. They are the same
            as among all, and tables and rows of ties hold them alone.
        **changes : str
            Sensitive features and their value, such as ``hukou="urban"``.

        Raises
        ------
        WorldError
            When a feature, value, mechanism or option is unknown, or people are no rising places.

        Examples
        --------
        >>> from credit_ml.society import World
        >>> society = World(citizens=500, seed=1).simulate()
        >>> twin = society.twin(hukou="urban")
        >>> urban = society.people["hukou"] == "urban"
        >>> bool((twin.records["income"][urban] == society.records["income"][urban]).all())
        True
        """
        need_known(WorldError, "twin, others", others, ("held", "everyone"))
        for mechanism in mechanisms or ():
            need_known(WorldError, "twin, mechanisms", mechanism, MECHANISMS)
        seen = MECHANISMS if mechanisms is None else tuple(mechanisms)
        change = Change(codes=checked_codes(changes), mechanisms=seen)
        if people is not None:
            _check_places(people, len(self))
        if others == "everyone":
            whole = simulate(self.world, change=change)
            if people is not None:
                ties, tables = whole["ties"][people], (whole[name] for name in TABLES)
                taken = (each.iloc[people].reset_index(drop=True) for each in tables)
                whole = dict(zip(TABLES, taken, strict=True)) | {"ties": ties}
            return Society(world=self.world, **whole)
        # Several threads may ask at once; all make the same.
        key = seen, None if people is None else people.tobytes(), *sorted(changes.items())
        twins = self._twins.get(key)
        if twins is None:
            made = list(self._bases) or bases(self.world)
            self._bases[:] = made
            twins = twins_among_others(self.world, made, change, people)
            if (len(self) if people is None else len(people)) * FEW_TWINS <= MOST_KEPT:
                kept = [*self._twins.items()][1 - FEW_TWINS :]
                object.__setattr__(self, "_twins", {**dict(kept), key: twins})
        # Whoever writes into a table writes into an own one.
        own = {name: twins[name].copy(deep=False) for name in TABLES}
        return Society(world=self.world, **twins | own)

    def probability_if(
        self,
        *,
        trust: npt.ArrayLike = 0.0,
        capacity: npt.ArrayLike = 0.0,
        shock: npt.ArrayLike = 0.0,
        log_odds: npt.ArrayLike = 0.0,
    ) -> pd.Series:
        """True probability of keeping an obligation, had a cause of it been another, records held.

        Cost: one pass over citizens.

        Parameters
        ----------
        trust, capacity, shock : array_like
            Change of the latent, SD; one number for all or one a citizen.
        log_odds : array_like
            Change of the log-odds themselves, as improving actions make (`Action`).

        Examples
        --------
        >>> from credit_ml.society import World
        >>> society = World(citizens=500, seed=1).simulate()
        >>> better = society.probability_if(capacity=0.5)
        >>> bool((better > society.truth["probability"]).all())
        True
        """
        spec, truth = self.world.outcome, self.truth
        before = truth["trust"].to_numpy(dtype=np.float64)
        odds = logit(truth["probability"].to_numpy(dtype=np.float64))
        odds = odds + np.asarray(log_odds) + spec.trust * np.asarray(trust)
        odds = odds + spec.capacity * np.asarray(capacity) - spec.shock * np.asarray(shock)
        deterred = expit(-(before + np.asarray(trust))) - expit(-before)
        odds = odds + spec.penalty * 2.0 * deterred
        return pd.Series(expit(odds), index=truth.index, name="probability")

    def digest(self) -> str:
        """SHA-256 of every table and tie."""
        arrays = {"ties.indptr": self.ties.indptr, "ties.indices": self.ties.indices}
        for part in TABLES:
            frame: pd.DataFrame = getattr(self, part)
            for column in frame.columns:
                values = frame[column]
                coded = isinstance(values.dtype, pd.CategoricalDtype)
                arrays[f"{part}.{column}"] = (values.cat.codes if coded else values).to_numpy()
        return array_digest(arrays)


def _check_places(people: Rows, citizens: int) -> None:
    rising = len(people) > 0 and bool((np.diff(people) > 0).all())
    within = rising and people[0] >= 0 and people[-1] < citizens
    problem = f"are not rising places from 0 to {citizens - 1:,}"
    WorldError.unless(within, "twin, people", problem, "give numpy.flatnonzero of a mask")
