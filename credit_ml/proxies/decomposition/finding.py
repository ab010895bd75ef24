"""What carries a gap: one decomposition, and several side by side."""

from collections.abc import Iterable
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Finding, InputError
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points, strokes
from credit_ml.core.finding import aside
from credit_ml.grammar.names import people_of
from credit_ml.proxies.decomposition.components import GAP, INTERVENTION, OAXACA, SHAPLEY, TOGETHER


class Decomposition(Finding):
    """A gap taken apart by factor; the components sum to the row ``(gap)``.

    ``parameters["methods"]`` holds the title and the sources of each method in the table.

    Examples
    --------
    >>> from credit_ml.core import Dataset
    >>> from credit_ml.proxies import decompose
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 5.0], "sex": ["f", "m", "m"]})
    >>> data = Dataset.from_frame(table, target=None, sensitive=["sex"])
    >>> decompose(lambda X: X["late"], data, sensitive="sex").metrics()
    {'proxies.block_shapley.sex.f.late': -3.0, 'proxies.block_shapley.sex.f.gap': -3.0}
    """

    kind: ClassVar[str] = "decomposition"
    labels: ClassVar[tuple[str, ...]] = ("factor", "method")
    tracked_as: ClassVar[str] = "proxies.{method}.{sensitive}.{group}.{factor}"
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *OAXACA, *INTERVENTION)
    """Of a finding: where the methods in its table were published."""

    def _settle(self) -> None:
        methods = self.parameters.get("methods", {}).values()
        sources = dict.fromkeys(source for each in methods for source in each["citations"])
        object.__setattr__(self, "citations", tuple(sources) or type(self).citations)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw each method's components with their intervals, the whole gap apart below.

        Methods stand beside each other; the truth, where it is among them, as black diamonds.
        """
        return _draw(self.table, self.parameters, axes)


class DecompositionComparison(Decomposition):
    """The same gap taken apart by several methods, the truth among them where it is known.

    Examples
    --------
    >>> from credit_ml.core import Dataset
    >>> from credit_ml.proxies import compare, decompose
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 5.0, 2.0], "sex": ["f", "m", "m", "f"]})
    >>> data = Dataset.from_frame(table, target=None, sensitive=["sex"])
    >>> both = compare(decompose(lambda X: X["late"], data, sensitive="sex", method=method)
    ...                for method in ("swap_shapley", "permute"))
    >>> sorted(both.parameters["methods"])
    ['permute', 'swap_shapley']
    """

    kind: ClassVar[str] = "comparison"


def method_facts(title: str, citations: Iterable[str]) -> dict[str, Any]:
    """What a finding keeps of a method: what figures call it, and where it was published."""
    return {"title": title, "citations": list(citations)}


def compare(decompositions: Iterable[Decomposition]) -> DecompositionComparison:
    """Put decompositions of the same rater and output into one table and one figure.

    Raises
    ------
    InputError
        When there are none, or when they are of different raters or units.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.proxies import decompose, true_decomposition
    >>> from credit_ml.society import World
    >>> society = World(citizens=800, seed=2).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> truth = true_decomposition(rater, society, sensitive="hukou", societies=8)
    >>> estimate = decompose(rater, rater.agency.view(society), sensitive="hukou")
    >>> sorted(compare([truth, estimate]).table["method"].unique())
    ['block_shapley', 'true_carrier']
    """
    several = list(decompositions)
    InputError.unless(several, "compare", "was given nothing", "give at least one decomposition")
    for key in ("rater", "unit"):
        values = sorted({str(each.parameters.get(key)) for each in several})
        problem = f"was given {key}s {', '.join(values)}"
        InputError.unless(len(values) < 2, "compare", problem, "compare within one")
    first, methods = several[0], dict[str, Any]()
    over: dict[str, str] = {}
    for each in several:
        methods |= each.parameters.get("methods", {})
        if "intervals_over" in each.parameters:
            own = map(str, each.table["method"].unique())
            over |= dict.fromkeys(own, str(each.parameters["intervals_over"]))
    counted = {"intervals_over": over} if over else {}
    notes = [note for each in several for note in each.notes] + _mixed(over, methods)
    return DecompositionComparison(
        table=pd.concat([each.table for each in several], ignore_index=True),
        title=f"What carries the gap: {first.parameters['rater']}",
        parameters=dict(first.parameters) | {"methods": methods} | counted,
        seed=first.seed,
        notes=tuple(dict.fromkeys(notes)),
    )


def _mixed(over: dict[str, str], methods: dict[str, Any]) -> list[str]:
    """Say what each method's intervals count, where that differs."""
    if len(set(over.values())) < 2:
        return []
    counted = "; ".join(f"{_title(method, methods)}, {what}" for method, what in over.items())
    return [f"What intervals are over: {counted}."]


def _title(method: str, methods: dict[str, Any]) -> str:
    return str(methods.get(method, {}).get("title", method))


def _draw(table: pd.DataFrame, parameters: Any, axes: Axes | None) -> Axes:
    pairs = table[["sensitive", "group", "reference_group"]].drop_duplicates()
    lead = table.merge(pairs.head(1))
    lead = lead[lead["factor"] != TOGETHER]
    factors = [name for name in lead["factor"].unique() if name != GAP] + [GAP]
    methods = list(lead["method"].unique())
    axes = axes_or_new(axes, height=1.1 + 0.42 * len(factors))
    place: dict[str, float] = {factor: -number for number, factor in enumerate(factors)}
    place[GAP] -= 0.4  # the whole stands apart from its components
    for number, method in enumerate(methods):
        rows = lead[lead["method"] == method]
        offset = (number - (len(methods) - 1) / 2) * 0.2
        heights = [place[factor] - offset for factor in rows["factor"]]
        true = method.startswith("true")
        colour = INK if true else PALETTE[number % len(PALETTE)]
        label = _title(method, parameters.get("methods", {}))
        points(axes, rows, heights, fmt="D" if true else "o", color=colour, label=label)
        for end in aside(rows) or ():
            strokes(axes, rows[end].astype(float), heights, size=7)
    axes.axvline(0, color=INK, lw=0.8)
    axes.axhline(place[GAP] + 0.7, color="#bbbbbb", lw=0.8)
    names = ["whole gap" if factor == GAP else factor for factor in factors]
    axes.set_yticks([place[factor] for factor in factors], names)
    row = pairs.iloc[0]
    one, other = (people_of(row["sensitive"], row[name]) for name in ("group", "reference_group"))
    axes.set_xlabel(f"{one} less {other} ({parameters['unit']})")
    axes.grid(axis="x")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(methods))
    return axes
