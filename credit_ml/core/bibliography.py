"""Where methods were published: one file, from which findings name their sources."""

from credit_ml.core.files import beside


def cited(*keys: str) -> tuple[str, ...]:
    """Return publications by their keys: first author and year.

    Raises
    ------
    KeyError
        When ``bibliography.toml`` has no such key.

    Examples
    --------
    >>> cited("shapley_1953")[0][:27]
    'Shapley, L. S. (1953). A va'
    """
    return tuple(beside(__file__)[key] for key in keys)
