"""Trust among strangers: what a score brings to trades, at which harm, and to whom (S22)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri
from scipy.stats import rankdata

from credit_ml.agencies import Rater
from credit_ml.consequences.finding import ByGroup, GroupOptions, groups_and_districts
from credit_ml.core import Array, InputError, Streams, beside, cited, conform, need_known
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import Estimate
from credit_ml.society import Society
from credit_ml.strategic import LendingGame, Trade, lending_game

#: Unit of every measure.
UNITS: dict[str, str] = beside(__file__)["units"]
#: What is good for people, and what is harm.
BENEFITS, HARMS = ("lent", "kept", "gain"), ("refused_keepers", "broken", "markup", "punishment")
#: What a lender can know beside a score: everybody's true chance, or what each will do.
CHANCE, FORESIGHT = "true chance", "foresight"


class StrangersGame(GroupFinding):
    """What strangers lend and keep under each score and each cost of a breach, by group.

    Own columns of `table`: seen (what lenders see: "score at 0" says nothing, "score at 1" is the
    score, "true chance" the best that any score can say, "foresight" who will keep), and
    breach_cost (share of a year's income).

    - Benefit. "lent": share of people who are lent to. "kept": share who keep a trade. "gain": what
      kept trades yield beyond their price, for 1 that each would borrow; of everybody it is the
      surplus.
    - Harm. "refused_keepers": share refused who would have kept. "broken": share who break a
      trade. "markup": price of kept trades above what was lent. "punishment": share of a year's
      income lost to the cost of breaches, on average.

    Examples
    --------
    >>> row = {"measure": "lent", "seen": "score at 1", "breach_cost": 0.0, "estimate": 0.8}
    >>> StrangersGame(table=conform([row]), title="").metrics()
    {'strangers.score_at_1.0.lent': 0.8}
    """

    kind: ClassVar[str] = "strangers"
    labels: ClassVar[tuple[str, ...]] = ("seen", "breach_cost")
    citations = cited("akerlof_1970", "blackwell_1953", "li_2018")

    def metrics(self) -> dict[str, float]:
        """Every measure of everybody, by what is seen and what a breach costs."""
        rows = self._everybody()
        names = rows["seen"].str.replace(" ", "_") + "." + rows["breach_cost"].map("{:g}".format)
        names = "strangers." + names + "." + rows["measure"]
        return dict(zip(names, rows["estimate"].tolist(), strict=True))

    def _everybody(self) -> pd.DataFrame:
        return self.table.query("sensitive == 'overall' and quantity == 'value'")

    def frontier(self, benefit: str = "gain", harm: str = "refused_keepers") -> pd.DataFrame:
        """Settings that no other beats in both a benefit and a harm, the most beneficial first.

        "foresight" is left out, for no lender has it.

        Raises
        ------
        InputError
            When a measure is no benefit, or no harm.
        """
        need_known(InputError, "benefit", benefit, BENEFITS)
        need_known(InputError, "harm", harm, HARMS)
        rows = self._everybody().query("seen != @FORESIGHT")
        wide = rows.pivot_table(index=["seen", "breach_cost"], columns="measure", values="estimate")
        good, bad = wide[benefit].to_numpy(), wide[harm].fillna(0.0).to_numpy()
        beaten = [
            bool(((good >= g) & (bad <= b) & ((good > g) | (bad < b))).any())
            for g, b in zip(good, bad, strict=True)
        ]
        best = wide.loc[~np.array(beaten), [benefit, harm]]
        return best.sort_values(benefit, ascending=False).reset_index()

    def plot(
        self, axes: Axes | None = None, *, benefit: str = "gain", harm: str = "refused_keepers"
    ) -> Axes:
        """Draw benefit against harm: a colour a group, a line from nothing seen to foresight."""
        need_known(InputError, "benefit", benefit, BENEFITS)
        need_known(InputError, "harm", harm, HARMS)
        rows = self.table[self.table["quantity"] == "value"]
        features = rows["sensitive"].unique()
        shown = rows[rows["sensitive"] == features[min(1, len(features) - 1)]]
        axes = axes_or_new(axes)
        marks = dict(zip(sorted(shown["breach_cost"].unique()), "osD^v" * 9, strict=False))
        for number, (group, own) in enumerate(shown.groupby("group", sort=False)):
            for cost, line in own.groupby("breach_cost"):
                wide = line.pivot_table(index="seen", columns="measure", values="estimate")
                wide = wide.reindex(line["seen"].unique())
                label = f"{group}, breach costs {100 * float(cost):g} %"
                look: dict[str, Any] = {
                    "color": PALETTE[number % len(PALETTE)],
                    "mec": INK,
                    "mew": 0.4,
                    "ms": 5,
                }
                axes.plot(
                    100 * wide[benefit], 100 * wide[harm], f"{marks[cost]}-", label=label, **look
                )
        for name, write in ((benefit, axes.set_xlabel), (harm, axes.set_ylabel)):
            write(f"{name.replace('_', ' ')} ({UNITS[name].replace('share', '%', 1)})")
        axes.legend()
        return axes


def strangers_game(
    scores: "Rater | npt.ArrayLike",
    society: Society,
    *,
    trade: Trade | None = None,
    precision: Sequence[float] = (0.0, 0.5, 1.0),
    breach_costs: Sequence[float] = (0.0, 0.3),
    cells: int = 100,
    seed: int = 0,
    **groups: Unpack[GroupOptions],
) -> StrangersGame:
    """Let strangers in a society lend by a score, and keep what a breach is worth to them.

    Lenders see a score with a precision r: ``r z + sqrt(1 - r^2) e``, z its normal scores and e
    noise, told apart in cells of equally many people; r = 0 says nothing and r = 1 is the score.
    They know how many of each cell keep (rational expectations: the mean true chance), and compete
    (`lending_game`). What a breach costs moves everybody's log-odds as in the rounds,
    ``deterrence * cost * 2 logistic(-trust)``: most for those who would break.

    Cost: a game for each precision and cost of a breach.

    Parameters
    ----------
    scores : Rater, or array_like of shape (people,)
        Whose points are seen, or any numbers of which more is better.
    society : Society
        People with their true chance of keeping.
    trade : Trade, optional
        What a trade is worth; its cost of a breach is replaced by each of `breach_costs`.
    precision : sequence of float
        Within 0 and 1.
    breach_costs : sequence of float
        Shares of a year's income.
    cells : int
        Scores that lenders tell apart.
    seed : int
        Of the noise.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    InputError
        When a precision is not within 0 and 1, or scores do not fit the people.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=1_000, seed=1).simulate()
    >>> found = strangers_game(society.truth["trust"], society, sensitive="hukou")
    >>> gains = found.table.query("measure == 'gain' and group == 'all' and breach_cost == 0")
    >>> bool(gains["estimate"].is_monotonic_increasing)
    True
    """
    trade = trade or Trade()
    points = _points(scores, society)
    for each in precision:
        fits = 0.0 <= each <= 1.0
        InputError.unless(fits, "precision", f"holds {each:g}", "give numbers from 0 to 1")
    InputError.unless(len(precision), "precision", "is empty", "give at least one")
    InputError.unless(cells >= 1, "cells", f"are {cells}", "give at least 1")
    chance = society.truth["probability"].to_numpy(dtype=np.float64)
    trust = society.truth["trust"].to_numpy(dtype=np.float64)
    fear = 2.0 / (1.0 + np.exp(trust))
    noise = Streams(seed).generator("strangers.noise").standard_normal(len(points))
    signals = {f"score at {each:g}": _seen(points, each, noise, cells) for each in precision}
    signals[CHANCE] = chance
    by = ByGroup(groups_and_districts(society), **groups)
    rows: list[dict[str, Any]] = []
    for cost in breach_costs:
        terms = replace(trade, breach_cost=float(cost))
        for seen, signal in signals.items():
            game = lending_game(chance, signal, trade=terms, fear=fear)
            rows += _rows(by, game, terms, {"seen": seen, "breach_cost": float(cost)})
        known = {"seen": FORESIGHT, "breach_cost": float(cost)}
        rows += _with_foresight(by, terms.chance(chance, 1.0, fear), terms, known)
    named = scores.name if isinstance(scores, Rater) else "given scores"
    asked = {"rater": named, "worth": trade.worth, "temptation": trade.temptation, "cells": cells}
    return StrangersGame(
        table=conform(rows).assign(unit=lambda table: table["measure"].map(UNITS)),
        title="Trust among strangers",
        parameters=asked | by.parameters,
        seed=seed,
        notes=(*beside(__file__)["notes"], by.people.note),
    )


def _points(scores: "Rater | npt.ArrayLike", society: Society) -> Array:
    if isinstance(scores, Rater):
        points: Array = scores.score(scores.agency.view(society).X).to_numpy(dtype=np.float64)
        return points
    points = np.asarray(scores, dtype=np.float64)
    fits = points.shape == (len(society),) and bool(np.isfinite(points).all())
    InputError.unless(fits, "scores", "do not give one number a person", f"give {len(society)}")
    return points


def _seen(points: Array, precision: float, noise: Array, cells: int) -> Array:
    """Cell of each person by a score that is seen through noise."""
    if precision == 0.0:
        return np.zeros(len(points))
    # Of equal points only the noise can tell people apart.
    normal = ndtri((rankdata(points) - 0.5) / len(points))
    seen = precision * normal + np.sqrt(1.0 - precision**2) * noise
    edges = np.unique(np.quantile(seen, np.linspace(0, 1, cells + 1)[1:-1]))
    return np.asarray(np.searchsorted(edges, seen, side="right"), dtype=np.float64)


def _rows(
    by: ByGroup, game: LendingGame, trade: Trade, labels: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    lends = game.lends.astype(np.float64)
    paid = np.where(game.lends, game.price, 1.0)
    kept = lends * game.chance
    yield from _measured(
        by,
        labels,
        lent=(_mean_share(by), lends),
        kept=(_mean_share(by), kept),
        gain=(by.people.mean, game.gain),
        refused_keepers=(_mean_share(by), (1.0 - lends) * game.chance),
        broken=(_mean_share(by), lends - kept),
        markup=(_positive_rate(by), kept * (paid - 1.0), kept),
        punishment=(by.people.mean, (lends - kept) * trade.breach_cost),
    )


def _with_foresight(
    by: ByGroup, chance: Array, trade: Trade, labels: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the first best: who will keep is lent to at the price of 1, and nobody else."""
    none = np.zeros_like(chance)
    yield from _measured(
        by,
        labels,
        lent=(_mean_share(by), chance),
        kept=(_mean_share(by), chance),
        gain=(by.people.mean, chance * (trade.worth - 1.0)),
        refused_keepers=(_mean_share(by), none),
        broken=(_mean_share(by), none),
        markup=(_positive_rate(by), none, chance),
        punishment=(by.people.mean, none),
    )


def _mean_share(by: ByGroup) -> Any:
    """Mean of chances, which neither end of an interval leaves."""

    def mean(values: Array, who: Any) -> Estimate:
        return by.people.mean(values, who, bounds=(0.0, 1.0))

    return mean


def _positive_rate(by: ByGroup) -> Any:
    def rate(top: Array, bottom: Array, who: Any) -> Estimate:
        return by.people.rate(top, bottom, who, bounds=(0.0, np.inf))

    return rate


def _measured(by: ByGroup, labels: dict[str, Any], **measures: Any) -> Iterator[dict[str, Any]]:
    for measure, (estimate, *values) in measures.items():
        for row in by.rows("", measure, estimate, *values):
            yield {**labels, **{key: value for key, value in row.items() if key != "consequence"}}
