"""Which mechanisms of a world depend on a sensitive feature at all."""

from credit_ml.society.block import MECHANISMS
from credit_ml.society.mechanisms.population import Dependence
from credit_ml.society.world import World

_STRENGTH = {
    "hukou": "hukou",
    "ethnicity": "ethnicity",
    "gender": "gender",
    "age_band": "age",
    "critic": "critic",
}


def depending(world: World, feature: str) -> tuple[str, ...]:
    """Mechanisms that see a sensitive feature and do something with it, in causal order.

    The others may carry what these make; they make nothing of the feature themselves.

    Examples
    --------
    >>> from credit_ml.society import load_world
    >>> depending(load_world("unequal_reporting"), "hukou")
    ('reporting',)
    """
    strength = _STRENGTH[feature]
    dependences: dict[str, tuple[Dependence, ...]] = {
        "trust": (world.population.trust,),
        "address": (world.address.dependence,),
        "phone": (world.address.phone,),
        "capacity": (world.capacity.dependence,),
        "history": (world.history.dependence,),
        "reporting": (world.history.reporting,),
        "civic": (world.civic.policing,),
        "behaviour": (world.behaviour.dependence,),
        "ratings": world.ratings.biases(),
        "platforms": (world.platforms.usage, world.platforms.likes),
        "identity": (world.identity.dependence,),
        "household": (world.household.looking, world.household.births),
        "ties": (),
        "outcome": (world.outcome.dependence,),
    }
    rules = _rules(world, feature)
    return tuple(
        mechanism
        for mechanism in MECHANISMS
        if rules.get(mechanism, False)
        or any(getattr(each, strength) for each in dependences[mechanism])
    )


def _rules(world: World, feature: str) -> dict[str, bool]:
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
