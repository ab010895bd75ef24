"""Whoever looks up a public name finds what it is and how it is used."""

import types
import typing


def _explains_itself(thing: object) -> bool:
    """Whether it can have a docstring of its own: constants, packages and aliases cannot."""
    alias = typing.get_origin(thing) is not None or isinstance(thing, types.UnionType)
    return callable(thing) and not alias


def test_every_exported_name_has_a_docstring_with_a_runnable_example(
    exported: dict[str, object],
) -> None:
    without = {
        place.rpartition(".")[2]
        for place, thing in exported.items()
        if _explains_itself(thing) and ">>>" not in (thing.__doc__ or "")
    }
    assert not without
