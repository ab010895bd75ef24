"""Who gains and who is harmed a year after fair lending (Liu et al. 2018).

Run with ``python experiments/replications/liu2018.py``; writes liu2018.md beside it.
"""

from claims import Claim, digits, write

from credit_ml.consequences import DelayedImpact, LoanTerms, delayed_impact, scored_groups
from credit_ml.datasets import transrisk

SOURCE = "Liu et al. (2018), section 6"
CODE = "Liu et al. (2018), published code"
#: Loss of a default for each gain of one, and whether demographic parity then lowers the mean
#: score of black borrowers.
HARM = {"4": True, "10": False}
#: What the published code returns of these tables: points from which a rule lends, by loss, and the
#: top of each group's outcome curve.
THRESHOLDS = {
    ("4", "max_utility"): (645.0, 613.75),
    ("4", "equal_opportunity"): (557.2910, 630.9598),
    ("4", "demographic_parity"): (480.1030, 649.1696),
    ("10", "max_utility"): (716.1765, 656.5217),
    ("10", "equal_opportunity"): (601.2505, 677.9545),
    ("10", "demographic_parity"): (562.4999, 730.9999),
}
TOPS = {"black": (0.2384, 9.484422), "white": (0.7378, 39.824930)}
#: Its search for the best common share stops at 0.00001, which is this many points at most.
SEARCHED = 0.01


def step(bounded: str = "mean") -> DelayedImpact:
    """The paper's two groups, losses and changes of points; the mean is held within the scale."""
    groups = scored_groups(transrisk(), ["black", "white"])
    return delayed_impact(groups, terms=LoanTerms(bounded=bounded), sensitive="race")


def estimate(found: DelayedImpact, **where: str) -> float:
    """One number of the finding."""
    (value,) = found.where(**where).table["estimate"]
    return float(value)


def claims() -> list[Claim]:
    """What the paper says in words, and what its published code computes."""
    found, parity = step(), {"measure": "change", "rule": "demographic_parity", "group": "black"}
    made = [
        Claim(
            source=SOURCE,
            claim="demographic parity lowers the mean score of black borrowers at a loss of "
            f"{loss} (1: yes)",
            published=float(harm),
            ours=float(estimate(found, loss=loss, **parity) < 0),
            tolerance=0.0,
        )
        for loss, harm in HARM.items()
    ]
    for (loss, rule), published in THRESHOLDS.items():
        for group, points in zip(("black", "white"), published, strict=True):
            of = {"loss": loss, "rule": rule, "group": group, "measure": "threshold"}
            named = f"points from which {rule.replace('_', ' ')} lends at a loss of {loss}: {group}"
            ours = estimate(found, **of)
            made.append(
                Claim(source=CODE, claim=named, published=points, ours=ours, tolerance=SEARCHED)
            )
    for group, (rate, change) in TOPS.items():
        for measure, published, width in (("best_rate", rate, 5e-5), ("best_change", change, 5e-7)):
            claim = f"{measure.replace('_', ' ')} of the outcome curve: {group}"
            ours = estimate(found, group=group, measure=measure)
            made.append(
                Claim(source=CODE, claim=claim, published=published, ours=ours, tolerance=width)
            )
    return made


def found() -> list[str]:
    """Say what each rule lends to whom and what comes of it, as lines of a table."""
    each = step("each")
    lines = [
        "| loss | rule | line, black | line, white | share, black | share, white | change, black |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for loss, rule in THRESHOLDS:
        of = {"loss": loss, "rule": rule}
        numbers = [
            estimate(each, measure=measure, group=group, **of)
            for measure in ("threshold", "selection_rate")
            for group in ("black", "white")
        ]
        change = estimate(each, measure="change", group="black", **of)
        told = " | ".join(digits(round(number, 3)) for number in numbers)
        lines.append(f"| {loss} | {rule.replace('_', ' ')} | {told} | {change:+.1f} |")
    return lines


def main() -> None:
    """Write both tables."""
    harmless = 100 * estimate(step("each"), group="black", measure="harmless_rate")
    path = write(
        "liu2018.md",
        "Delayed impact, met again",
        claims(),
        [
            "The paper prints its results as figures, so what can be held to it is the sign, and "
            "the numbers of its published code, which was run once on the same tables. Scores are "
            "ranks among all, turned into points as that code does; a repaid loan adds 75 "
            "points, a default takes 150.",
            "The code holds the mean of those at one score within 300 and 850; people cannot leave "
            "the scale one by one either, which the table below counts.",
            f"Beyond {harmless:.1f} % of black borrowers with loans their mean score falls. The "
            "published code draws that line with the white group's curve of repayment (a loop's "
            "variable is read after the loop has ended).",
            "Lines are the points from which one may have a loan; the change is in points, over "
            "all black borrowers.",
        ],
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n" + "\n".join(found()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
