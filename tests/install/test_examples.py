"""Whoever looks up a public name finds what it is and how it is used."""

import types


def _explains_itself(thing: object) -> bool:
    """Whether it can have a docstring of its own: constants and type aliases cannot."""
    return isinstance(thing, type | types.FunctionType)


def test_every_exported_name_has_a_docstring_with_a_runnable_example(
    exported: dict[str, object],
) -> None:
    without = {
        place.rpartition(".")[2]
        for place, thing in exported.items()
        if _explains_itself(thing) and ">>>" not in (thing.__doc__ or "")
    }
    assert not without
