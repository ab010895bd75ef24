"""A world: what determines a society, and the verb that makes it."""

from credit_ml.core.progress import awaited
from credit_ml.society.assembly import simulate
from credit_ml.society.society import Society
from credit_ml.society.specification import WorldSpecification


class World(WorldSpecification):
    """Everything that determines a society, so that the same world is always the same society.

    Mechanisms that depend on a sensitive feature hold a `Dependence`; setting all of them to
    zero makes a world in which no score can carry who people are.

    Raises
    ------
    WorldError
        When a knob is unknown or outside its range.

    Examples
    --------
    >>> from credit_ml.society import Population
    >>> world = World(citizens=300, seed=7, population=Population(rural=0.5))
    >>> world.population.rural, world.describe_frame()["name"].iloc[0]
    (0.5, 'citizens')
    >>> world
    World(citizens=300, seed=7, population.rural=0.5)
    """

    def __repr__(self) -> str:
        usual = {each["name"]: each["value"] for each in type(self)().describe()} | {
            "citizens": 0,
            "seed": -1,
        }
        own = [each for each in self.describe() if each["value"] != usual[each["name"]]]
        said = [f"{each['name']}={each['value']!r}" for each in own]
        more = [f"and {len(said) - 6} more knobs"] if len(said) > 7 else []
        return f"World({', '.join([*said[: 6 if more else 7], *more])})"

    @awaited("citizens and ties")
    def simulate(self, *, workers: int = 1) -> Society:
        """Make the society of this world.

        Cost: linear in citizens and ties.

        Parameters
        ----------
        workers : int, default 1
            Threads that share the blocks of citizens; the society does not depend on it.
        """
        return Society(world=self, **simulate(self, workers=workers))
