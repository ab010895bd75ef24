"""How a year passes: from obligations to records, and from sanctions to later years."""

from credit_ml.society.mechanisms.knobs import Knobs, knob, share


class Life(Knobs):
    """What moves people from one year to the next, whatever the policy.

    Examples
    --------
    >>> Life(deterrence=0.0).deterrence
    0.0
    """

    shock_persistence: float = share(
        0.5,
        "autocorrelation of a district's shock from year to year",
        "assumed: half of a plant's closing is felt a year later",
    )
    bills_after_breach: float = knob(
        3.0,
        "late bills of a year with a broken obligation, against one with a kept one",
        (1, 100),
        "assumed; 1: late bills and broken obligations have their common causes alone",
    )
    order_chance: float = share(
        0.0145,
        "chance that a broken obligation ends in an unpaid court order",
        "calibrated: 6.15 million barred from flights (S8) are 0.44 % of China's people",
    )
    scar: float = share(0.5, "share of lost capacity that is still lost a year later", "assumed")
    deterrence: float = knob(
        1.0,
        "log-odds of keeping for a believed cost of a year's income, at mean trust",
        (0, 100),
        "assumed; S22 names the benefit and no size",
    )
    inheritance: float = share(
        0.42,
        "correlation of a child's capacity with that of the parents",
        "Fan, Yi and Zhang (2021), abstract: elasticities of income in China, 0.390 (born 1970 "
        "to 1980) and 0.442 (born 1981 to 1988); the middle",
    )
    care: float = knob(
        0.0,
        "share of what an order costs one's family that one fears as if it were one's own",
        (0, 100),
        "off; Levinson (2003) names the motive of collective sanctions and no size",
    )
