"""What an answer hangs on: the same histories under other values of what is assumed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import NamedTuple

from credit_ml.core import need_known
from credit_ml.dynamics.assumed.knobs import Life
from credit_ml.dynamics.policy import Policy, PolicyError

#: Shares of a policy that may be varied.
OF_POLICY = ("joined", "repair")
#: Name of the multiple of every sanction's loss of capacity, and what it multiplies.
SANCTIONS, MOVED = "sanctions", ("capacity", "state_job", "child_capacity")
#: Whether a policy's effect, or a difference of groups, is followed as an assumption is varied.
HEADLINES: dict[str, str] = {
    "broken": "change",
    "broken_of_the_listed": "change",
    "kept_for_a_listing": "change",
    "child_capacity_lost": "change",
    "ever_listed": "difference",
}


class Variation(NamedTuple):
    """One assumption at one value.

    Examples
    --------
    >>> Variation("deterrence", 0.5).value
    0.5
    """

    name: str
    value: float


def variations(vary: Mapping[str, Mapping[str, Sequence[float]]]) -> dict[str, list[Variation]]:
    """Return, by policy, every assumption at every value, checked.

    Parameters
    ----------
    vary : mapping of str to mapping of str to sequence of float
        By a policy's id: a knob of `Life`, "joined" or "repair" of the policy, or "sanctions": how
        many times what sanctions take from capacity is taken, 1 as the policy says.

    Raises
    ------
    PolicyError, WorldError
        When an assumption is unknown, has no values, or cannot have one.

    Examples
    --------
    >>> [each.value for each in variations({"joined": {"deterrence": [0.0, 1.0]}})["joined"]]
    [0.0, 1.0]
    """
    known = [each.name for each in fields(Life)] + [*OF_POLICY, SANCTIONS]
    found: dict[str, list[Variation]] = {}
    for policy, assumptions in vary.items():
        for name, values in assumptions.items():
            need_known(PolicyError, f"vary, {policy}", name, known)
            place = f"vary, {policy}, {name}"
            PolicyError.unless(len(values), place, "is empty", "give at least one value")
            for value in values:
                _check(place, one := Variation(name, float(value)))
                found.setdefault(policy, []).append(one)
    return found


def _check(place: str, variation: Variation) -> None:
    most = 1.0 if variation.name in OF_POLICY else float("inf")
    remedy = "give a share from 0 to 1" if most == 1.0 else "give 0 or more"
    fits = 0.0 <= variation.value <= most
    PolicyError.unless(fits, place, f"holds {variation.value:g}", remedy)
    varied_life(Life(), variation)


def varied_life(life: Life, variation: Variation) -> Life:
    """Return a way of life with one knob at another value; itself where it has no such knob."""
    if variation.name in (*OF_POLICY, SANCTIONS):
        return life
    return replace(life, **{variation.name: variation.value})


def varied_policy(policy: Policy, variation: Variation) -> Policy:
    """Return a policy with one assumption at another value; itself where it makes none such."""
    if variation.name in OF_POLICY:
        return policy.model_copy(update={variation.name: variation.value})
    if variation.name != SANCTIONS:
        return policy
    sized = tuple(
        each.model_copy(update={"size": each.size * variation.value})
        if each.moves in MOVED
        else each
        for each in policy.sanctions
    )
    return policy.model_copy(update={"sanctions": sized})


def varied_pairs(
    policies: Sequence[Policy], base: Policy, life: Life, vary: Mapping[str, Sequence[Variation]]
) -> Iterator[tuple[Variation, Life, Policy, Policy]]:
    """Yield every policy with its base at every value of each of its assumptions."""
    for policy in policies:
        for one in vary.get(policy.id, ()):
            yield one, varied_life(life, one), varied_policy(policy, one), varied_policy(base, one)
