"""Which effort a grade can reward (Kleinberg and Raghavan 2020): the classroom.

Run with ``python experiments/replications/kleinberg2020.py``; writes kleinberg2020.md beside it.

Cheating raises the exam's mark, copying raises the homework's, studying raises both. A teacher
sees the marks only. Studying can be rewarded exactly when no mix of cheating and copying yields
as much for less.
"""

from collections.abc import Iterator

import numpy as np
from claims import Claim, write
from numpy.typing import NDArray

from credit_ml.strategic import Incentive, incentive

Array = NDArray[np.float64]

SOURCE = "Kleinberg and Raghavan (2020)"
STUDY = np.array([0.0, 1.0, 0.0])
#: What a unit of studying adds to each mark, and of cheating and copying to theirs.
STUDYING = (1.0, 1.0)
OTHERS = (0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
#: Random scores, rising in both marks, tried against each profile that none can reward.
SCORES = 200


def classroom(cheating: float, copying: float) -> Array:
    """Marks (exam, homework) for a unit of cheating, studying and copying."""
    return np.array([[cheating, 0.0], list(STUDYING), [0.0, copying]])


def replaced(cheating: float, copying: float) -> float:
    """Effort at cheating and copying that yields the marks of a unit of studying."""
    return STUDYING[0] / cheating + STUDYING[1] / copying


def every() -> Iterator[tuple[float, float, Incentive]]:
    """Go through classrooms, and whether studying can be rewarded there."""
    for cheating in OTHERS:
        for copying in OTHERS:
            yield cheating, copying, incentive(STUDY, classroom(cheating, copying))


def rewarded(found: Incentive, returns: Array) -> bool:
    """Whether studying is a best use of a unit of effort under the weights found."""
    assert found.weights is not None
    reward = returns @ found.weights
    return bool(reward[1] >= reward.max() - 1e-9)


def dominated(found: Incentive, returns: Array, rng: np.random.Generator) -> bool:
    """Whether every score tried prefers the substitute, with what it saves, to studying.

    Scores are concave and rise in both marks: weighted sums of powers of the marks.
    """
    assert found.substitute is not None
    saved = 1 - found.substitute.sum()
    instead = found.substitute + saved * np.array([0.5, 0.0, 0.5])
    weights, powers = rng.uniform(0.01, 1, (2, SCORES, 2))
    studied, gamed = (
        (weights * (each @ returns) ** powers).sum(axis=1) for each in (STUDY, instead)
    )
    return bool((gamed > studied).all())


def claims() -> list[Claim]:
    """What the paper says of the classroom, and what we find."""
    rng = np.random.default_rng(1)
    agree, reward, prefer, apart = [], [], [], []
    for cheating, copying, found in every():
        returns, effort = classroom(cheating, copying), replaced(cheating, copying)
        agree.append(found.possible == (effort >= 1))
        apart.append(abs(found.substitutability - min(1.0, effort)))
        if found.possible:
            reward.append(rewarded(found, returns))
        else:
            prefer.append(dominated(found, returns, rng))
    yes = {
        "studying can be rewarded exactly where e/c + h/k >= 1": all(agree),
        "where any rising score can reward it, a linear one does": all(reward),
        f"where none can, {SCORES} random rising scores all prefer gaming": all(prefer),
        "a mix of studying and cheating is rewarded by equal pay for a unit of each": both(),
    }
    return [
        *(
            Claim(source=SOURCE, claim=f"{claim} (1: yes)", published=1.0, ours=float(holds),
                  tolerance=0.0)
            for claim, holds in yes.items()
        ),
        Claim(source="closed form", claim="largest error of the substitutability, 64 classrooms",
              published=0.0, ours=max(apart), tolerance=1e-9),
    ]  # fmt: skip


def both() -> bool:
    """Whether a mix of studying and cheating is rewarded by equal pay for a unit of each."""
    returns = classroom(1.5, 1.25)
    found = incentive([0.5, 0.5, 0.0], returns)
    if found.weights is None:
        return False
    reward = returns @ found.weights
    return bool(np.isclose(reward[0], reward[1]) and reward[2] <= reward[0] + 1e-9)


def table() -> list[str]:
    """Weights of the exam and the homework by classroom, as lines of a table."""
    lines = [
        "| cheating \\ copying | " + " | ".join(f"{each:g}" for each in OTHERS) + " |",
        "| ---: |" + " ---: |" * len(OTHERS),
    ]
    cells = {(cheating, copying): shown(found) for cheating, copying, found in every()}
    for cheating in OTHERS:
        row = " | ".join(cells[cheating, copying] for copying in OTHERS)
        lines.append(f"| {cheating:g} | {row} |")
    return lines


def shown(found: Incentive) -> str:
    """Return the weights, or what a substitute costs, as a cell."""
    if found.weights is None:
        return f"no: {found.substitutability:.2f}"
    # Not -0.00.
    exam, homework = (float(weight) + 0.0 for weight in found.weights.round(2))
    return f"{exam:.2f}, {homework:.2f}"


def main() -> None:
    """Write both tables."""
    path = write(
        "kleinberg2020.md",
        "Which effort a grade can reward, met again",
        claims(),
        [
            "e and h are what a unit of studying adds to exam and homework (1 and 1 here), c what "
            "one of cheating adds to the exam, k what one of copying adds to the homework.",
            "The paper's pages could not be reached: its theorem and its example are met as they "
            "are known, and none of its numbers is used. The tables' numbers are ours.",
            "Below: weights of exam and homework that reward studying, or what a mix of cheating "
            "and copying with the same marks costs for each unit of studying.",
            "Of the weights that reward studying, those are given under which it leads by most.",
        ],
        what="claims",
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n" + "\n".join(table()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
