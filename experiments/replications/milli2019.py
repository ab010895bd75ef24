"""What it costs the truly creditworthy to pass, by race (Milli, Miller, Dragan and Hardt 2019).

Run with ``python experiments/replications/milli2019.py``; writes milli2019.md beside it.

The social burden of a line is the mean of the least cost at which those who would repay can pass
it; the social gap is the burden of one group less that of the other. Scores are TransRisk ranks;
a rank costs one unit (burdens are therefore in ranks), for one group `ratio` units.
"""

from dataclasses import dataclass

import numpy as np
from claims import Claim, digits, write
from transrisk import Array, Group, groups

from credit_ml.strategic import LinearScore, OneSided, WithMultiplier, linear_response

SOURCE = "Milli et al. (2019)"
#: Lines, in ranks among all; the step of the tables is half a rank.
LINES = tuple(float(line) for line in range(5, 100, 5))
#: What a rank costs a black borrower for each unit that it costs a white one.
RATIOS = (1.0, 1.25, 1.5, 2.0)
#: Ranks that are worth their cost to a borrower, and what a loan needs to pay.
REACH, CUT_OFF = 10.0, 0.82


@dataclass(frozen=True, kw_only=True)
class Burden:
    """Mean ranks that the creditworthy of each group must climb, times what a rank costs."""

    black: float
    white: float

    @property
    def gap(self) -> float:
        """How much more the creditworthy of the disadvantaged group must spend."""
        return self.black - self.white


def burden(group: Group, line: float, ratio: float = 1.0) -> float:
    """Mean least cost of passing a line, over those of the group who would repay."""
    cost = WithMultiplier(cost=OneSided(up=[1.0]), multiplier=ratio)
    score = LinearScore(weights=[1.0], threshold=line)
    found = linear_response(group.scores[:, None], score, cost=cost, value=np.inf)
    return float(group.repaying @ found.least)


def burdens(ratio: float = 1.0) -> list[Burden]:
    """Burdens at each line."""
    black, white = groups("black", "white")
    return [Burden(black=burden(black, line, ratio), white=burden(white, line)) for line in LINES]


def gain(line: float, loss: float) -> float:
    """Profit for each borrower when all within reach of the line climb to it, none repays more."""
    total, people = 0.0, 0.0
    cost, score = OneSided(up=[1.0]), LinearScore(weights=[1.0], threshold=line)
    for group in groups("black", "white"):
        found = linear_response(group.scores[:, None], score, cost=cost, value=REACH)
        total += group.people * group.profit((found.score >= line).astype(float), loss)
        people += group.people
    return total / people


def institution() -> tuple[Array, Array]:
    """Lines from the best one without moves to the best one with them, and the profit of each."""
    loss = CUT_OFF / (1 - CUT_OFF)
    lines = np.arange(20.0, 100.0, 1.0)
    still = [
        sum(
            group.people * group.profit((group.scores >= line).astype(float), loss)
            for group in groups("black", "white")
        )
        for line in lines
    ]
    profit = np.array([gain(line, loss) for line in lines])
    between = slice(int(np.argmax(still)), int(profit.argmax()) + 1)
    return lines[between], profit[between]


def claims() -> list[Claim]:
    """What the paper says of burdens and gaps, and what we find."""
    at = {ratio: burdens(ratio) for ratio in RATIOS}
    level = at[1.0]
    lines, profit = institution()
    everyone = [
        [burden(group, line) for line in lines] for group in groups("black", "white")
    ]  # fmt: skip
    rising = (np.diff([[b.black, b.white] for b in level], axis=0) > 0).all()
    more_line = [(np.diff([b.gap for b in found]) > 0).all() for found in at.values()]
    more_ratio = np.diff([[b.gap for b in found] for found in at.values()], axis=0) > 0
    stated = {
        "the burden of each group rises with the line, at every step": rising,
        "the gap is above 0 at every line, at equal costs": min(b.gap for b in level) > 0,
        "the gap rises with the line, at every step and every ratio of costs": all(more_line),
        "the gap rises with the ratio of costs, at every line": more_ratio.all(),
        "from the naive to the best line under moves, profit rises": (
            len(lines) > 1 and (np.diff(profit) > 0).all()
        ),
        "... and so do both burdens": (np.diff(everyone, axis=1) > 0).all(),
    }
    return [
        Claim(
            source=SOURCE, claim=f"{claim} (1: yes)", published=1.0, ours=float(holds),
            tolerance=0.0,
        )
        for claim, holds in stated.items()
    ]  # fmt: skip


def table() -> list[str]:
    """Burdens and gaps by line, as lines of a table."""
    at = {ratio: burdens(ratio) for ratio in RATIOS}
    lines = [
        "| line | black | white | " + " | ".join(f"gap, ratio {r:g}" for r in RATIOS) + " |",
        "| ---: | ---: | ---: |" + " ---: |" * len(RATIOS),
    ]
    for number, line in enumerate(LINES):
        level = at[1.0][number]
        gaps = " | ".join(f"{at[ratio][number].gap:.2f}" for ratio in RATIOS)
        lines.append(f"| {line:g} | {level.black:.2f} | {level.white:.2f} | {gaps} |")
    return lines


def main() -> None:
    """Write both tables."""
    lines, profit = institution()
    path = write(
        "milli2019.md",
        "The social cost of strategic classification, met again",
        claims(),
        [
            "The paper's pages could not be reached, and its results on these scores are figures: "
            "what is held to it are signs and directions. A rank costs the same wherever one "
            "stands, which is assumed.",
            "Burdens are in ranks among all, over those who would repay; a rank costs a black "
            "borrower `ratio` times what it costs a white one. The gap is black less white.",
            "At equal costs the gap's slope in the line is the difference of the two groups' "
            "shares of repayers below it: it rises where the creditworthy of one group stand "
            "lower, which here is everywhere.",
            f"A lender for whom a loan pays at {CUT_OFF:.0%} repaid, before borrowers who climb up "
            f"to {REACH:g} ranks without repaying more, is best served by line {lines[-1]:g} "
            f"instead of {lines[0]:g}: {digits(float(profit[0]))} for each borrower becomes "
            f"{digits(float(profit[-1]))}, and the creditworthy pay for it.",
        ],
        what="claims",
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n" + "\n".join(table()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
