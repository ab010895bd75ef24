"""Which mechanisms of a world depend on a sensitive feature at all."""

from operator import attrgetter

from credit_ml.society.specification import WorldSpecification

#: Mechanisms that may depend on a sensitive feature, in causal order, and the knobs of a world
#: that say how strongly.
DEPENDENCES: dict[str, tuple[str, ...]] = {
    "trust": ("population.trust",),
    "address": ("address.dependence",),
    "phone": ("address.phone",),
    "capacity": ("capacity.dependence",),
    "history": ("history.dependence",),
    "reporting": ("history.reporting",),
    "civic": ("civic.policing",),
    "behaviour": ("behaviour.dependence",),
    "ratings": ("ratings.drivers", "ratings.sellers", "ratings.contacts"),
    "platforms": ("platforms.usage", "platforms.likes"),
    "identity": ("identity.dependence",),
    "household": ("household.looking", "household.births"),
    "ties": (),
    "outcome": ("outcome.dependence", "outcome.granting"),
}
MECHANISMS = tuple(DEPENDENCES)


def depending(world: WorldSpecification, feature: str) -> tuple[str, ...]:
    """Mechanisms that see a sensitive feature and do something with it, in causal order.

    The others may carry what these make; they make nothing of the feature themselves.

    Examples
    --------
    >>> from credit_ml.society import load_world
    >>> depending(load_world("unequal_reporting"), "hukou")
    ('reporting',)
    """
    strength = "age" if feature == "age_band" else feature
    rules = _rules(world, feature)
    return tuple(
        mechanism
        for mechanism, knobs in DEPENDENCES.items()
        if rules.get(mechanism, False)
        or any(attrgetter(f"{knob}.{strength}")(world) for knob in knobs)
    )


def _rules(world: WorldSpecification, feature: str) -> dict[str, bool]:
    """What depends on a feature by a rule rather than by a strength."""
    rules = {"ties": getattr(world.ties, feature) > 0 and world.ties.slots > 0}
    if feature == "hukou":
        rules["household"] = world.household.homogamy > 0
    if feature == "gender":
        rules["household"] = world.household.by_gender
    if feature == "critic":
        rules["behaviour"] = world.behaviour.critic_posts > 0 and world.behaviour.posts > 0
    if feature == "age_band":
        rules["household"] = world.household.by_age
        rules["capacity"] = world.capacity.age_limits
        rules["reporting"] = world.history.age_limits
        rules["civic"] = world.civic.students_only and world.civic.cheating > 0
    return rules
