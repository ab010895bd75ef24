"""What sets one kind of action apart from another."""

import functools
from dataclasses import dataclass

from credit_ml.core.discovery import declared_in


@dataclass(frozen=True, kw_only=True)
class ActionKind:
    """A kind of action; each is a module of `credit_ml.response.kinds`.

    Examples
    --------
    >>> action_kinds()["improving"].improves, action_kinds()["bought"].improves
    (True, False)
    """

    id: str
    improves: bool = False
    """Whether it may move the true outcome; what does not is gaming."""
    moves_ties: bool = False
    """Whether it may cut and add ties."""
    caveat: str = ""
    """What a letter adds, in brackets, to advice of this kind."""


@functools.cache
def action_kinds() -> dict[str, ActionKind]:
    """Return every kind of action by its id.

    Examples
    --------
    >>> sorted(action_kinds())
    ['bought', 'cosmetic', 'improving', 'social']
    """
    return {kind.id: kind for kind in declared_in("credit_ml.response.kinds", "KIND")}


def gaming_kinds() -> tuple[str, ...]:
    """Return the kinds that leave the true outcome as it is, whatever they do to the score.

    Examples
    --------
    >>> gaming_kinds()
    ('bought', 'cosmetic', 'social')
    """
    return tuple(kind.id for kind in action_kinds().values() if not kind.improves)
