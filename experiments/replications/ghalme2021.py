"""What secrecy costs the rater when people learn its line from examples (Ghalme et al. 2021).

Run with ``python experiments/replications/ghalme2021.py``; writes ghalme2021.md beside it.

One feature x, two classes of the same size, x ~ N(+-1, 1). The rater accepts x >= line. Each
person sees m others with the decisions on them, and puts the line half-way between the best who
was refused and the worst who was accepted (in one dimension the hard-margin support vector
machine of the paper). Who believes to be refused moves up to that, plus a margin, if it is
within reach.
"""

from dataclasses import dataclass

import numpy as np
from claims import Claim, digits, write
from numpy.typing import NDArray
from scipy.stats import norm

from credit_ml.strategic import LinearScore, OneSided, linear_response

Array = NDArray[np.float64]

SOURCE = "Ghalme et al. (2021), abstract"
THEORY = "order statistics"
#: Half the distance of the classes' means, in standard deviations, and the largest move.
MEAN, REACH = 1.0, 1.0
#: Points beyond the believed line; with none, people land on their own estimate.
MARGINS = (0.0, 0.1)
EXAMPLES = (8, 16, 32, 64, 128, 256, 1024, 16384)
PEOPLE = 200_000
#: Of a difference of two shares of so many people, about four standard errors.
NOISE = 0.004
_GRID = np.linspace(-10, 10, 200_001)
_BELOW = (norm.cdf(_GRID - MEAN) + norm.cdf(_GRID + MEAN)) / 2


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one line, with so many examples."""

    error: float
    """Share of wrong decisions."""
    full: float
    """The same when the line is told."""
    between: float
    """Share of people who are decided otherwise than if the line were told."""
    distance: float
    """Mean distance of the believed from the true line, among those who saw both decisions."""

    @property
    def price(self) -> float:
        """Price of opacity: error in the dark less error in the light."""
        return self.error - self.full


def line(*, robust: bool, margin: float) -> float:
    """Return the best line if nobody moves (0), or if everybody within reach knows it."""
    return REACH - margin if robust else 0.0


def believed(true: float, examples: int, people: int, rng: np.random.Generator) -> Array:
    """Lines that people put between the best refused and the worst accepted of their examples.

    Drawn as order statistics, so that no example is. Without anybody accepted nobody has a line
    to reach (infinite), without anybody refused nobody fears one (minus infinite).
    """
    below = np.interp(true, _GRID, _BELOW)
    refused = rng.binomial(examples, below, people)
    highest = below * rng.random(people) ** (1 / np.maximum(refused, 1))
    accepted = np.maximum(examples - refused, 1)
    lowest = 1 - (1 - below) * rng.random(people) ** (1 / accepted)
    half_way = (np.interp(highest, _BELOW, _GRID) + np.interp(lowest, _BELOW, _GRID)) / 2
    return np.where(refused == examples, np.inf, np.where(refused == 0, -np.inf, half_way))


def outcome(
    examples: int, *, robust: bool, margin: float, people: int = PEOPLE, seed: int = 0
) -> Outcome:
    """Let people learn, move and be decided on."""
    rng = np.random.default_rng([seed, examples])
    good = rng.random(people) < 0.5
    x = rng.normal(np.where(good, MEAN, -MEAN))[:, None]
    true = line(robust=robust, margin=margin)
    beliefs = believed(true, examples, people, rng)
    cost, score = OneSided(up=[1 / REACH]), LinearScore(weights=[1.0], threshold=true)
    accepted = [
        linear_response(x, score, cost=cost, value=1.0, margin=margin, believed=belief).score
        >= true
        for belief in (None, LinearScore(weights=[1.0], threshold=beliefs))
    ]
    known = np.isfinite(beliefs)
    return Outcome(
        error=float((accepted[1] != good).mean()),
        full=float((accepted[0] != good).mean()),
        between=float((accepted[1] != accepted[0]).mean()),
        distance=float(np.abs(beliefs[known] - true).mean()),
    )


def limit(*, robust: bool) -> float:
    """Price of opacity with endless examples and no margin.

    The believed line is then as often above the true one as below, so that of those who move,
    who all pass in the light, half are refused in the dark.
    """
    high = line(robust=robust, margin=0.0)
    good, bad = (norm.cdf(high - mean) - norm.cdf(high - REACH - mean) for mean in (MEAN, -MEAN))
    return float(good - bad) / 4


def every() -> dict[tuple[bool, float, int], Outcome]:
    """Outcomes by whether the rater is robust, margin and number of examples."""
    return {
        (robust, margin, examples): outcome(examples, robust=robust, margin=margin)
        for robust in (True, False)
        for margin in MARGINS
        for examples in EXAMPLES
    }


def claims(found: dict[tuple[bool, float, int], Outcome]) -> list[Claim]:
    """What the paper and theory say, beside ours."""
    most = EXAMPLES[-1]
    far = [found[True, 0.0, examples].distance for examples in EXAMPLES]
    density = float(np.interp(line(robust=True, margin=0.0), _GRID, np.gradient(_BELOW, _GRID)))
    prices = {who: [found[who, 0.0, m].price for m in EXAMPLES] for who in (True, False)}
    bounded = all(o.price >= o.between - 2 * o.full - 1e-12 for o in found.values())
    rows = [
        (THEORY, "the believed line nears the true one with every step of m (1: yes)",
         1.0, float((np.diff(far) < 0).all()), 0.0),
        (THEORY, f"m x mean distance of the believed line, m = {most}, is 1 / (2 density)",
         1 / (2 * density), most * far[-1], 0.02 / density),
        (SOURCE, "a robust rater's price can be above 0: it is, at every m, margin 0 (1: yes)",
         1.0, float(min(prices[True]) > 0), 0.0),
        (THEORY, "price >= share decided otherwise - 2 errors in the light, always (1: yes)",
         1.0, float(bounded), 0.0),
        (THEORY, f"robust rater's price, margin 0, m = {most}", limit(robust=True),
         prices[True][-1], NOISE),
        (THEORY, f"naive rater's price, margin 0, m = {most}", limit(robust=False),
         prices[False][-1], NOISE),
        (THEORY, f"robust rater's price, margin {MARGINS[1]}, m = {most}", 0.0,
         found[True, MARGINS[1], most].price, NOISE),
        (THEORY, f"naive rater's price, margin {MARGINS[1]}, m = {most}", 0.0,
         found[False, MARGINS[1], most].price, NOISE),
    ]  # fmt: skip
    return [
        Claim(source=source, claim=claim, published=published, ours=ours, tolerance=tolerance)
        for source, claim, published, ours, tolerance in rows
    ]


def table(found: dict[tuple[bool, float, int], Outcome]) -> list[str]:
    """Prices of opacity by the number of examples, as lines of a table."""
    kinds = [(robust, margin) for robust in (True, False) for margin in MARGINS]
    heads = [f"{'robust' if robust else 'naive'}, margin {margin}" for robust, margin in kinds]
    return [
        f"| m | mean distance | {' | '.join(heads)} |",
        f"| ---: | ---: |{' ---: |' * len(heads)}",
        *(
            f"| {m} | {digits(round(found[True, 0.0, m].distance, 5))} | "
            + " | ".join(f"{found[robust, margin, m].price:+.4f}" for robust, margin in kinds)
            + " |"
            for m in EXAMPLES
        ),
    ]


def main() -> None:
    """Write both tables."""
    found = every()
    light = {
        (robust, margin): found[robust, margin, EXAMPLES[-1]].full
        for robust in (True, False)
        for margin in MARGINS
    }
    path = write(
        "ghalme2021.md",
        "The price of opacity, met again",
        claims(found),
        [
            "Of the paper only the abstract could be read, so what is held to it is a sign. What "
            "theory gives in closed form is held to as a number, with a tolerance of 4 % for the "
            f"distance and {NOISE} for prices, about four standard errors of {PEOPLE:,} people.",
            "The knife edge: without a margin people stop exactly on the line that they believe "
            "in, and half of all estimates lie below the true line however many examples they "
            "rest on. So about half of those who move are refused in vain at every m, and the "
            "price does not vanish. With any margin it does, as soon as estimates err by less "
            "than the margin.",
            "The sign: those whom secrecy refuses are those who would have moved. For the robust "
            "rater, whose line is drawn where only the good get across, they are mostly good, and "
            "secrecy costs accuracy; for the naive rater, who stays at the best line of people "
            "who do not move, they are mostly bad, and secrecy gains what transparency lost.",
            "Where decisions differ, one of the two is wrong: so the price is at least the share "
            "of those decided otherwise less twice the error in the light, and above 0 where that "
            "is. The abstract promises a sufficient condition; that it is this one was not seen.",
            "Errors in the light: "
            + "; ".join(
                f"{'robust' if robust else 'naive'}, margin {margin}: {error:.4f}"
                for (robust, margin), error in light.items()
            )
            + f" (the best possible without moves: {norm.cdf(-MEAN):.4f}).",
            "Prices of opacity below: error in the dark less error in the light, on the same "
            "people.",
        ],
        what="claims",
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n" + "\n".join(table(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
