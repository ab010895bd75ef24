"""What friends tell a lender of one's type (Wei et al. 2016).

Run with ``python experiments/replications/wei2016.py``; writes wei2016.md beside it.
"""

import numpy as np
from claims import Claim, write
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.strategic import friendship_chances, type_from_ties

SOURCE = "Wei et al. (2016), Lemma 8"
#: Share of wrong signals, chance of taking another's type wrongly, and decay of match values.
ERROR, NOISE, DECAY = 0.3, 0.2, 2.0
PEOPLE, MEETINGS = 40_000, 6
#: Fixed before any frequency was seen: four standard errors of a share in 10,000 people.
TOLERANCE = 0.02
FEWEST = 2_000


def chances(noise: float = NOISE) -> tuple[float, float]:
    """q_s and q_d where match values are exponential."""
    return friendship_chances(
        noise, above_noise=float(np.exp(-DECAY * noise)),
        above_rest=float(np.exp(-DECAY * (1 - noise))),
    )  # fmt: skip


def town() -> tuple[NDArray[np.bool_], NDArray[np.bool_], csr_array]:
    """Types, signals that the lender sees, and ties, made as the paper's model makes them."""
    random = np.random.default_rng(2016)
    high = random.random(PEOPLE) < 0.5
    signals = high ^ (random.random(PEOPLE) < ERROR)
    one, other = random.integers(0, PEOPLE, (2, PEOPLE * MEETINGS // 2))
    seen = high[[other, one]] ^ (random.random((2, len(one))) < NOISE)
    alike = (seen == high[[one, other]]).all(axis=0)
    worth = random.exponential(1 / DECAY, len(one))
    tied = (worth > np.where(alike, NOISE, 1 - NOISE)) & (one != other)
    one, other = one[tied], other[tied]
    ones = np.ones(2 * len(one))
    ties = csr_array((ones, (np.append(one, other), np.append(other, one))), (PEOPLE, PEOPLE))
    ties.sum_duplicates()
    ties.data[:] = 1
    return high, signals, ties


def claims() -> list[Claim]:
    """The lemma's probability beside the share of high types among such people."""
    high, signals, ties = town()
    same, different = chances()
    told = type_from_ties(ties, signals, error=ERROR, same=same, different=different)
    surplus = (ties @ np.where(signals, 1, -1)).astype(int)
    found = []
    for signal in (True, False):
        for more in np.unique(surplus):
            who = (signals == signal) & (surplus == more)
            if who.sum() >= FEWEST:
                found.append(
                    Claim(
                        source=SOURCE,
                        claim=f"chance of the high type with {'high' if signal else 'low'} signal "
                        f"and {more:+d} friends of high over low signal",
                        published=float(told[who][0]),
                        ours=float(high[who].mean()),
                        tolerance=TOLERANCE,
                    )
                )
    return [*found, less_told()]


def less_told() -> Claim:
    """Whether ties tell less when people see each other's types with noise."""
    clean = odds(*chances(0.0))
    held = [1 < odds(*chances(float(noise))) < clean for noise in np.linspace(0.01, 0.49, 49)]
    return Claim(
        source="Wei et al. (2016), section 6.1",
        claim="with noise in seeing types a friend's signal tells less, and still something "
        "(share of 49 noises)",
        published=1.0,
        ours=float(np.mean(held)),
        tolerance=0.0,
    )


def odds(same: float, different: float) -> float:
    """How far one friend of high signal moves the odds."""
    return (ERROR * different + (1 - ERROR) * same) / (ERROR * same + (1 - ERROR) * different)


def main() -> None:
    """Write the table."""
    write(
        "wei2016.md",
        "A type told by friends, met again",
        claims(),
        [
            f"{PEOPLE:,} people who meet {MEETINGS} others on average; signals are wrong with "
            f"chance {ERROR}, types seen wrongly with chance {NOISE}, match values exponential.",
            "Published is the lemma's probability with these numbers, ours the share of high types "
            f"in a simulation that does not use the lemma; groups of at least {FEWEST:,} people.",
        ],
    )


if __name__ == "__main__":
    main()
