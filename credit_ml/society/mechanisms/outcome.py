"""Outcomes: whether a citizen keeps an obligation, in two periods, and who had one to keep."""

from credit_ml.society.arrays import Array, Flags
from credit_ml.society.mechanisms.chance import happens, log_odds, logistic
from credit_ml.society.mechanisms.knobs import Knobs, knob, share
from credit_ml.society.mechanisms.population import Citizens, Dependence

#: Columns of outcomes: kept in the audited period, in the one before, and granted in that one.
OUTCOMES = ("kept", "kept_before", "granted_before")


class Outcome(Knobs):
    """Log-odds of keeping: ``base + trust + capacity - shock``, never who one is by default.

    A penalty (S22) raises them by ``penalty * 2 * logistic(-trust)``: most for those who would
    break an obligation, little for those who keep it anyway.
    """

    base: float = knob(
        2.2,
        "log-odds at mean trust and capacity",
        (-10, 10),
        "between 70 of 100 good loans (Statlog German credit) and 93 (Give Me Some Credit): 85",
    )
    trust: float = knob(1.0, "log-odds per SD of trust", (-10, 10))
    capacity: float = knob(0.5, "log-odds per SD of capacity", (-10, 10))
    shock: float = knob(0.25, "log-odds lost per SD of the local shock", (-10, 10))
    penalty: float = knob(
        0.0,
        "log-odds gained at mean trust because breaking is punished",
        (0, 10),
        "off; S22 names the benefit: penalties raise the cost of not performing",
    )
    late: float = knob(
        0.0,
        "log-odds lost per bill paid late",
        (-10, 10),
        "off: records tell of keeping and do not cause it",
    )
    labelled: float = share(
        1.0,
        "share of citizens, at mean trust, whose earlier obligation was ever granted",
        "off: a rater sees how everybody did",
    )
    screening: float = knob(
        0.0,
        "log-odds of having been granted it, per SD of trust",
        (-10, 10),
        "off: whom an officer trusts no file says",
    )
    granting: Dependence = Dependence()
    """Of the log-odds of having been granted it; off."""
    dependence: Dependence = Dependence()
    """Direct effect of who one is on the log-odds; off."""


def keeping_log_odds(
    spec: Outcome, people: Citizens, trust: Array, capacity: Array, shock: Array
) -> Array:
    """True log-odds that each citizen keeps an obligation in one period."""
    total: Array = (
        spec.base
        + spec.trust * trust
        + spec.capacity * capacity
        - spec.shock * shock
        + people.shift(spec.dependence)
    )
    if spec.penalty:
        total = total + spec.penalty * 2.0 * logistic(-trust)
    return total


def granted_before(spec: Outcome, people: Citizens, trust: Array, uniform: Array) -> Flags:
    """Whether the obligation of the period before was ever granted: a rater learns from no other.

    Somebody who met the applicants decided, and saw trust, which is on no file.
    """
    return happens(
        uniform, log_odds(spec.labelled), spec.screening * trust + people.shift(spec.granting)
    )
