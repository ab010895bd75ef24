"""Any finding about a society, with intervals made of other societies of the same world."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from credit_ml.core import Finding, InputError, Streams
from credit_ml.fairness import FEWEST_SOCIETIES, over_societies
from credit_ml.society import Society

Found = TypeVar("Found", bound=Finding)
Measured = TypeVar("Measured")


def met_anew(
    society: Society,
    instrument: Callable[[Society], Found],
    *,
    societies: int = 20,
    intervals: float = 0.95,
    workers: int = 1,
    seed: int = 0,
) -> Found:
    """A finding about a society, with intervals that say how far it moves in others like it.

    ``estimate +- t sd`` over K other societies of the same world (`over_societies`): what people
    share, their districts, their friends elsewhere, a city's luck, is met anew with them. The
    interval from one table counts its people, or its districts, and leaves the rest out; it
    stays in the finding beside this one. Where the world is at hand this is the interval to
    believe (``benchmarks/results/coverage.md``).

    Cost: K simulations and K runs of the instrument.

    Parameters
    ----------
    society : Society
    instrument : callable
        From a society to a finding. The rater in it must be fitted before, on `society` or
        another, and any reference groups and thresholds be named, so that the same is measured
        everywhere.
    societies : int
        At least 8. With few, Student's t makes the intervals wide: 2.4 standard deviations with
        8 societies, 2.1 with 20.
    intervals : float
        Level.
    workers : int
        Threads; the finding does not depend on it.
    seed : int
        Of the other societies' seeds.

    Raises
    ------
    InputError
        When there are too few societies.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.proxies import decompose
    >>> from credit_ml.society import World
    >>> society = World(citizens=1500, seed=2).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> found = met_anew(
    ...     society,
    ...     lambda each: decompose(rater, rater.agency.view(each), sensitive="hukou",
    ...                            reference_group="urban"),
    ...     societies=8,
    ... )
    >>> found.parameters["intervals_over"], found.parameters["intervals_of_table"]
    ('societies', 'people')
    """
    others = in_others(
        society, instrument, societies=checked_societies(societies), workers=workers, seed=seed
    )
    return over_societies(instrument(society), others, intervals=intervals)


def in_others(
    society: Society,
    measure: Callable[[Society], Measured],
    *,
    societies: int,
    workers: int = 1,
    seed: int = 0,
) -> list[Measured]:
    """What is measured in each of K other societies of the same world, one at a time a worker.

    Use it to ask several instruments of each society while it is there.

    Cost: K simulations and measurements.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=100, seed=2).simulate()
    >>> len(set(in_others(society, lambda each: each.digest(), societies=3)))
    3
    """
    from joblib import Parallel, delayed

    def one(number: int) -> Measured:
        return measure(replace(society.world, seed=number).simulate())

    numbers = other_seeds(society.world.seed, societies, seed=seed)
    if workers == 1:
        return [one(number) for number in numbers]
    return list(Parallel(workers, prefer="threads")(delayed(one)(number) for number in numbers))


def other_seeds(own: int, number: int, *, seed: int) -> list[int]:
    """Seeds of other societies, all different, that depend on nothing but `own` and `seed`.

    Examples
    --------
    >>> len({7, *other_seeds(7, 20, seed=0)})
    21
    """
    found: dict[int, None] = {}
    drawn = _seeds(own, seed)
    while len(found) < number:
        candidate = next(drawn)
        if candidate != own:
            found[candidate] = None
    return list(found)


def _seeds(own: int, seed: int) -> Iterator[int]:
    # One stream, named by the society itself: two societies never meet the same others.
    generator = Streams(seed).generator(f"proxies.anew.{own}")
    while True:
        yield int(generator.integers(2**32))


def checked_societies(societies: int) -> int:
    """Return a number of other societies, or raise InputError when it is too small."""
    if isinstance(societies, bool) or not isinstance(societies, int):
        raise InputError("societies", f"is {societies!r}", "give a whole number")
    if societies < FEWEST_SOCIETIES:
        raise InputError("societies", f"is {societies}", f"give at least {FEWEST_SOCIETIES}")
    return societies
