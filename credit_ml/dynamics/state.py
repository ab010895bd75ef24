"""What moves from year to year, apart from what stays: one entry a citizen."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import logit

from credit_ml.core import Array, Streams
from credit_ml.core.tables.arrays import Whole
from credit_ml.society import Society

#: Years that a late bill, and a court order, stay on file.
YEARS_OF_BILLS, YEARS_OF_ORDERS = 2, 5
#: What is added up for each citizen over the years; a finding divides one by another.
TOTALS: dict[str, Any] = {
    "broken": np.int16,
    "orders": np.int16,
    "listed": np.float32,
    "listed_years": np.int16,
    "broken_listed": np.int16,
    "entries": np.int16,
    "exits": np.int16,
    "restrictions": np.float32,
    "child_barred": np.float32,
}


#: Kinds of action that are counted (`credit_ml.response.action_kinds`).
KINDS = ("cosmetic", "improving", "social", "bought")
#: What is added up besides where people answer a score.
ANSWERED: dict[str, Any] = {
    "acted": np.int16,
    "spent": np.float32,
    "caught": np.int16,
    "reported_truly": np.int16,
    "reported_falsely": np.int16,
    **{f"did_{kind}": np.int16 for kind in KINDS},
}


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What people do about their score in a year, and what still stands of it.

    Examples
    --------
    >>> nothing = Answers.none(3)
    >>> nothing.masks.tolist(), nothing.moved
    ([0, 0, 0], {})
    """

    masks: Whole
    """Actions of the year: bit a is set for the a-th that the agency sees."""
    moved: dict[str, NDArray[np.float32]]
    """By how much each record stands off what it would be without any answer."""
    odds: NDArray[np.float32]
    """Log-odds that improvements add to keeping the next obligation."""
    ties: csr_array | None = None
    """Ties of the year, where social actions moved any."""

    @classmethod
    def none(cls, people: int) -> "Answers":
        """Return those of people who have done nothing."""
        masks = np.zeros(people, dtype=np.int64)
        return cls(masks=masks, moved={}, odds=np.zeros(people, dtype=np.float32))

    def faded(self, share: float) -> "Answers":
        """Return what stands of it a year later."""
        if not share:
            return Answers.none(len(self.masks))
        moved = {name: np.float32(share) * each for name, each in self.moved.items()}
        odds = np.float32(share) * self.odds
        return Answers(masks=np.zeros_like(self.masks), moved=moved, odds=odds)


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """What no year moves."""

    log_odds: NDArray[np.float32]
    """Of keeping an obligation, as the world has it."""
    trust: NDArray[np.float32]
    burden: NDArray[np.float32]
    """Log of the late rate against the world's mean, at the start."""
    district: NDArray[np.int64]
    """From 0, of the whole society."""
    shock: Array
    """Of each district at the start."""
    critic: NDArray[np.bool_]
    partner: NDArray[np.int32]
    """Row of the partner; -1 for none."""
    family: NDArray[np.bool_]
    """Who has both a partner and children."""


@dataclass(kw_only=True)
class State:
    """A society in one year of its history; `run_rounds` moves it on in place.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> state = State.of(World(citizens=300, seed=1).simulate(), lists=1)
    >>> state.year, state.remaining.shape
    (0, (1, 300))
    """

    year: int = 0
    fixed: Fixed
    shock: Array
    """Of each district."""
    loss: NDArray[np.float32]
    """Capacity lost to sanctions, SD."""
    late: NDArray[np.int16]
    """Late bills of the last years, newest at ``year % YEARS_OF_BILLS``."""
    orders: NDArray[np.int8]
    """Court orders of the last years, newest at ``year % YEARS_OF_ORDERS``."""
    kept: NDArray[np.int8]
    """Whether the obligation of the last year was kept, and of the year before."""
    remaining: NDArray[np.float32]
    """Years that each listing still stands, shape (lists, citizens); 0 for who is not listed."""
    grade: NDArray[np.int8]
    """Number of the grade of each listing."""
    child_loss: NDArray[np.float32]
    """Capacity that a child of the household has lost, SD."""
    tie_cut: NDArray[np.bool_] | None
    """Of each stored tie: whether it was broken off; None while no tie can be."""
    order_after_breach: float
    """Orders by broken obligations so far; NaN before the first year."""
    totals: dict[str, NDArray[Any]] = field(default_factory=dict)
    answers: "Answers | None" = None
    """What people did about their score; None where no policy lets them answer."""
    inherited: NDArray[np.float32] | None = None
    """By how much capacity stands off that of the seat's first holder, SD; None for these."""
    placed: NDArray[np.bool_] | None = None
    """Who holds each of the policy's limited places, shape (places, citizens)."""

    @classmethod
    def of(cls, society: Society, *, lists: int, cuts_ties: bool = False) -> "State":
        """Return a society's state before the first year."""
        people, truth, records = society.people, society.truth, society.records
        size = len(society)
        district = people["district"].to_numpy().astype(np.int64)
        shock = np.zeros(int(district.max()) + 1)
        shock[district] = truth["shock"].to_numpy()
        probability = np.clip(truth["probability"].to_numpy(dtype=np.float64), 1e-12, 1 - 1e-12)
        late = records["late_payments"].to_numpy()
        judgments = records["judgments"].to_numpy()
        partner = people["partner_row"].to_numpy(dtype=np.int32)
        fixed = Fixed(
            log_odds=logit(probability).astype(np.float32),
            trust=truth["trust"].to_numpy(dtype=np.float32),
            burden=truth["burden"].to_numpy(dtype=np.float32),
            district=district,
            shock=shock,
            critic=(people["critic"] == "yes").to_numpy(),
            partner=partner,
            family=(partner >= 0) & (records["children"].to_numpy() > 0),
        )
        outcome = society.outcome
        return cls(
            fixed=fixed,
            shock=shock.copy(),
            loss=np.zeros(size, dtype=np.float32),
            # Nobody knows in which year of the file a bill was late: half of them in each.
            late=np.stack([late - late // 2, late // 2]).astype(np.int16),
            orders=_spread(judgments, society.world.seed),
            kept=np.stack([outcome["kept"], outcome["kept_before"]]).astype(np.int8),
            remaining=np.zeros((lists, size), dtype=np.float32),
            grade=np.zeros((lists, size), dtype=np.int8),
            child_loss=np.zeros(size, dtype=np.float32),
            tie_cut=np.zeros(society.ties.nnz, dtype=bool) if cuts_ties else None,
            order_after_breach=float("nan"),
            totals={name: np.zeros(size, dtype=kind) for name, kind in TOTALS.items()},
        )

    @property
    def listed(self) -> NDArray[np.bool_]:
        """Who is on any list."""
        return np.asarray((self.remaining > 0).any(axis=0))


def _spread(judgments: NDArray[Any], seed: int) -> NDArray[np.int8]:
    """Court orders on file by the year in which they were made, each year as likely as another."""
    made = np.zeros((YEARS_OF_ORDERS, len(judgments)), dtype=np.int8)
    who = np.repeat(np.arange(len(judgments)), judgments)
    when = Streams(seed).generator("rounds.orders_on_file").integers(YEARS_OF_ORDERS, size=len(who))
    np.add.at(made, (when, who), 1)
    return made
