"""What every instrument takes: a level, and over whom its intervals are."""

from typing import Literal, get_args

from credit_ml.core import InputError, need_known

#: With fewer clusters than this their variance cannot be told, and people must be counted.
FEWEST_CLUSTERS = 8
#: What could have been otherwise, of one table: other people, or other clusters of people. Other
#: societies need more than one table: `resample_societies`.
Over = Literal["auto", "people", "clusters"]


def checked_level(intervals: float) -> float:
    """Return `intervals` when it is a level between 0 and 1, else raise InputError.

    Examples
    --------
    >>> checked_level(0.9)
    0.9
    """
    number = isinstance(intervals, int | float) and not isinstance(intervals, bool)
    if not number or not 0 < intervals < 1:
        raise InputError("intervals", f"is {intervals!r}", "give a level such as 0.95")
    return float(intervals)


def checked_over(over: str, clusters: int) -> Literal["people", "clusters"]:
    """Return whether intervals of one table count people or clusters of them.

    "auto" counts clusters where there are at least `FEWEST_CLUSTERS`: with fewer their variance
    cannot be told.

    Parameters
    ----------
    over : str
        As the user gave it.
    clusters : int
        How many there are; 0 when the table names none.

    Raises
    ------
    InputError
        When the option is unknown, clusters are asked for and there are too few, or societies are
        asked of one table (`resample_societies` makes them).

    Examples
    --------
    >>> checked_over("auto", 80), checked_over("auto", 3)
    ('clusters', 'people')
    """
    if over == "societies":
        raise InputError("over", "is 'societies', and this is one", "use resample_societies")
    need_known(InputError, "over", over, get_args(Over))
    if over != "people" and clusters >= FEWEST_CLUSTERS:
        return "clusters"
    if over == "clusters":
        remedy = f"name a cluster column with at least {FEWEST_CLUSTERS}, or count people"
        raise InputError("over", f"is 'clusters', and there are {clusters}", remedy)
    return "people"


def weights_note(people: int, total: float, worth: float) -> str:
    """The sentence that says what weights do.

    Examples
    --------
    >>> weights_note(1200, 50_000.0, 800.4)
    'Numbers are weighted: 1,200 people stand for 50,000 (the sum of their weights), and tell as \
much as 800 of equal weight would.'
    """
    return (
        f"Numbers are weighted: {people:,} people stand for {total:,.10g} (the sum of their "
        f"weights), and tell as much as {worth:,.0f} of equal weight would."
    )


def over_note(over: str, clusters: int) -> str:
    """The sentence that says what intervals count, given how many clusters there are.

    Examples
    --------
    >>> over_note("people", 0)
    'Intervals count people as independent of each other.'
    """
    if checked_over(over, clusters) == "clusters":
        return (
            f"Intervals count {clusters:,} clusters, whose people share chances. Differences "
            "between groups need no more; a group's own level also moves with what all clusters "
            "share, such as ties between them, which one table cannot show."
        )
    few = clusters and over != "people"
    return "Intervals count people as independent of each other" + (
        f" (there are {clusters} clusters, too few to tell)." if few else "."
    )
