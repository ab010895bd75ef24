"""A world says itself in a line: what it is, and what was changed."""

from credit_ml.society import Population, World, load_world


def test_only_what_was_changed_is_said() -> None:
    assert repr(World()) == "World(citizens=100000, seed=7)"
    rural = World(citizens=300, population=Population(rural=0.5))
    assert repr(rural) == "World(citizens=300, seed=7, population.rural=0.5)"


def test_a_world_of_many_changes_counts_those_it_does_not_name() -> None:
    world = load_world("no_proxy")
    usual = {each["name"]: each["value"] for each in World().describe()}
    changed = sum(each["value"] != usual[each["name"]] for each in world.describe())
    assert repr(world).endswith(f", and {changed - 4} more knobs)")
    assert len(repr(world)) < 250
