"""Estimators in the order of their error, with every measure in a row, and world by world."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import plain
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.rows import fact, facts, level, rows
from credit_ml.grammar.tables import EMPTY, cell
from credit_ml.proxies.decomposition.leaderboard.by_world import places
from credit_ml.proxies.decomposition.leaderboard.errors import ALL, HELD_OUT, NOTHING, PROXIES
from credit_ml.proxies.decomposition.leaderboard.facts import samples
from credit_ml.proxies.decomposition.leaderboard.ranking import (
    attributions,
    best,
    people,
    title,
    where,
)

#: What each column after the first two holds: target, factors, measure, world.
SHOWN = {
    "Error": ("carrier", ALL, "error", ALL),
    "Bias": ("carrier", ALL, "bias", ALL),
    "Behind the best": ("carrier", ALL, "behind_best", ALL),
    "Error, worlds held out": ("carrier", ALL, "error", HELD_OUT),
    "Error, friends and address": ("carrier", PROXIES, "error", ALL),
    "Coverage": ("carrier", ALL, "coverage", ALL),
    "Coverage, worlds held out": ("carrier", ALL, "coverage", HELD_OUT),
    "Largest part right": ("carrier", ALL, "top", ALL),
    "Rank correlation": ("carrier", ALL, "rank", ALL),
    "Error against the source": ("source", ALL, "error", ALL),
}
#: The unit of every error.
HUNDREDTHS = "in hundredths of the score's standard deviation"
#: Columns by which the error is shown, and what stands above.
PLACES = {"sensitive": "By feature", "world": "By world", "rater": "By rater"}
_LABELS = ("target", "factors", "estimator", "measure", "size", *PLACES)
Known = dict[tuple[str, ...], Amount]


def ranking_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return the ranking at every size, how the first does in each world, and every error."""
    known, sizes = facts(finding, *_LABELS), [str(n) for n in finding.parameters["people"]]
    ranks = tuple(
        (f"{show(people(finding, size))} people", _ranked(finding, known, size)) for size in sizes
    )
    sure = percent(level(finding))
    caption = f"Estimators against the truth ({HUNDREDTHS}, {sure} intervals over samples)"
    whole = TableView(
        caption=caption,
        head=("Estimator", "Kind", "Samples", *SHOWN),
        bodies=ranks,
        words=(0, 1),
        dash="saying nothing gives no interval and ranks no factor; who divides the scores of one "
        "kind of rater alone is in no row over all",
    )
    return (
        whole,
        *([_worlds(finding, sizes, PROXIES)] if best(finding, factors=PROXIES) else []),
        _worlds(finding, sizes),
        *(_by_place(finding, known, size) for size in sizes),
        _held(finding, known, "behind_best", attributions(finding)),
        _held(
            finding, known, "over_nothing", [str(n) for n in finding.table["estimator"].unique()]
        ),
        _named_rightly(finding, known, sizes[0]),
    )


def _order(finding: Finding, size: str) -> dict[str, str]:
    ranked = rows(finding, **where(measure="error", size=size)).dropna(subset=["estimate"])
    names = map(str, ranked.sort_values("estimate")["estimator"])
    return {name: title(finding, name) for name in names}


def _ranked(finding: Finding, known: Known, size: str) -> tuple[tuple[str, ...], ...]:
    kinds = finding.parameters["kinds"]

    def shown(name: str, target: str, factors: str, measure: str, world: str) -> str:
        place = [world if column == "world" else ALL for column in PLACES]
        if name == NOTHING and measure == "top":
            return EMPTY
        measured = known.get((target, factors, name, measure, size, *place))
        share = measure in ("coverage", "top") and measured is not None and measured.known
        return measured.percent() if measured and share else cell(measured)

    return tuple(
        (
            named,
            kinds.get(name, "attribution"),
            show(samples(finding, size=size, estimator=name)),
            *(shown(name, *what) for what in SHOWN.values()),
        )
        for name, named in _order(finding, size).items()
    )


def _worlds(finding: Finding, sizes: list[str], factors: str = ALL) -> TableView:
    """How the estimator that is chosen does in each world, and what would have been better."""
    bodies = []
    of_harm = factors == PROXIES
    for size in sizes:
        named, each = places(finding, size, factors)
        lines = tuple(
            (
                plain(place.world) + (" (held out)" if place.held_out else ""),
                show(samples(finding, size=size, world=place.world, estimator=NOTHING)),
                cell(place.truth),
                cell(place.error),
                *([_share(finding, size, place.world)] if of_harm else []),
                cell(place.over_nothing),
                cell(place.covered and place.covered.times(100)),
                f"{place.best}, {cell(place.least)}",
            )
            for place in each
        )
        bodies.append((f"{named}, {show(people(finding, size))} people", lines))
    out = finding.parameters.get("held_out")
    whole = "the worlds that choices look at" if out else "all worlds"
    head = (
        "World",
        "Samples",
        "Truth",
        "Error",
        *(["Share of the truth (%)"] if of_harm else []),
        "Error less that of saying nothing",
        "Coverage (%)",
    )
    what = "friends and address, by world" if of_harm else "by world"
    return TableView(
        caption=f"The estimator with the least error over {whole}, {what} ({HUNDREDTHS})",
        head=(*head, "Least error there"),
        bodies=tuple(bodies),
        words=(0, len(head)),
        dash="of no truth there is no share; no interval was made there" if of_harm else "",
    )


def _share(finding: Finding, size: str, world: str) -> str:
    """What share of the harm the error is, of the one chosen for it."""
    chosen = best(finding, size=size, factors=PROXIES)
    at = {"measure": "relative", "factors": PROXIES, "size": size, "world": world}
    share = fact(finding, **where(estimator=chosen[0], **at)) if chosen else None
    return cell(share and share.times(100))


#: Why some cells of these tables hold no number.
_SOME_RATERS = "who divides the scores of one kind of rater alone is in no row over all"


def _everyone(finding: Finding, size: str) -> dict[str, str]:
    """Return the estimators in the order of their error, those of some raters alone last."""
    own = finding.table[(finding.table["size"] == size) & (finding.table["measure"] == "error")]
    others = [str(name) for name in own.dropna(subset=["estimate"])["estimator"].unique()]
    return _order(finding, size) | {name: title(finding, name) for name in others}


def _by_place(finding: Finding, known: Known, size: str) -> TableView:
    order = _everyone(finding, size)

    def line(dimension: str, value: str) -> tuple[str, ...]:
        place = [value if name == dimension else ALL for name in PLACES]
        errors = (known.get(("carrier", ALL, name, "error", size, *place)) for name in order)
        behind = samples(finding, size=size, **{dimension: value}, estimator=NOTHING)
        return (plain(value), show(behind), *map(cell, errors))

    bodies = tuple(
        (heading, tuple(line(name, str(v)) for v in finding.table[name].unique() if v != ALL))
        for name, heading in PLACES.items()
    )
    caption = (
        f"Error against the carrier truth, {show(people(finding, size))} people ({HUNDREDTHS})"
    )
    head = ("Where", "Samples", *order.values())
    return TableView(caption=caption, head=head, bodies=bodies, dash=_SOME_RATERS)


#: What an error is held against, and how a table of that is called.
_AGAINST = {
    "behind_best": "Error less that of the attribution with the least in its place",
    "over_nothing": "Error less that of saying nothing",
}


def _held(finding: Finding, known: Known, measure: str, names: list[str]) -> TableView:
    """Return how methods stand to the best, or to saying nothing, wherever the words say it."""
    raters = [(each, ALL, ALL, each) for each in finding.parameters["raters"]]
    lines_of = [("friends and address", PROXIES, ALL, ALL), ("all factors", ALL, ALL, ALL)]
    lines_of += [("all factors, worlds held out", ALL, HELD_OUT, ALL), *raters]
    names = [name for name in names if name != NOTHING]

    def line(size: str, factors: str, world: str, rater: str) -> tuple[str, ...]:
        place = (ALL, world, rater)
        each = (known.get(("carrier", factors, n, measure, size, *place)) for n in names)
        return tuple(map(cell, each))

    bodies = tuple(
        (
            f"{show(people(finding, size))} people",
            tuple((told, *line(size, *where_to)) for told, *where_to in lines_of),
        )
        for size in map(str, finding.parameters["people"])
    )
    return TableView(
        caption=f"{_AGAINST[measure]} ({HUNDREDTHS})",
        head=("Where", *(title(finding, name) for name in names)),
        bodies=bodies,
        dash=f"not tried there; {_SOME_RATERS}",
    )


def _named_rightly(finding: Finding, known: Known, size: str) -> TableView:
    """Return how often each method names what carries most in each world, in the least samples."""
    order = {n: told for n, told in _everyone(finding, size).items() if n != NOTHING}

    def share(name: str, world: str) -> str:
        found = known.get(("carrier", ALL, name, "top", size, ALL, world, ALL))
        return found.percent() if found and found.known else EMPTY

    lines = tuple(
        (plain(world), *(share(name, world) for name in order))
        for world in map(str, finding.parameters["worlds"])
    )
    return TableView(
        caption=f"How often the largest part is named rightly, by world, "
        f"{show(people(finding, size))} people",
        head=("World", *order.values()),
        bodies=(("", lines),),
        dash=f"no true part is clearly the largest there; {_SOME_RATERS}",
    )
