"""Golden moments: what every named world must reproduce, and the tables that describe them."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import InputError, beside
from credit_ml.society.catalogue import load_world, world_ids, worlds
from credit_ml.society.description.network import MEASURES, shape
from credit_ml.society.description.segregation import dissimilarity, exposure, homophily
from credit_ml.society.society import Society

#: Size and number of the societies behind golden moments.
CITIZENS, SEEDS = 10_000, 8

Moments = dict[str, float]
Progress = Callable[[int, int], None]


def moments(society: Society) -> Moments:
    """Summaries of a society that its world fixes up to chance.

    Cost: a few passes over citizens and ties.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> found = moments(World(citizens=500, seed=1).simulate())
    >>> 0.7 < found["kept"] < 1
    True
    """
    people, records = society.people, society.records
    rural = (people["hukou"] == "rural").to_numpy()
    minority = (people["ethnicity"] == "minority").to_numpy()
    found = {
        "kept": society.outcome["kept"].mean(),
        "kept_rural_less_urban": _gap(society.outcome["kept"], rural),
        "trust_rural_less_urban": _gap(society.truth["trust"], rural),
        "income_median": records["income"].median(),
        "log_income_rural_less_urban": _gap(np.log(records["income"]), rural),
        "late_payments": records["late_payments"].mean(),
        "late_payments_rural_less_urban": _gap(records["late_payments"], rural),
        "bills_reported_rural_less_urban": _gap(records["bills_reported"], rural),
        "driver_stars_rural_less_urban": _gap(records["driver_stars"], rural),
        "spending_unknown": records["spending"].isna().mean(),
        "linked": society.holders["linked"].mean(),
        "partner": records["partner"].mean(),
        "children": records["children"].mean(),
        "critical_posts_critics_less_others": _gap(
            records["critical_posts"], (people["critic"] == "yes").to_numpy()
        ),
        "trust_among_districts": _between(society.truth["trust"], people["district"]),
        "dissimilarity_rural": dissimilarity(people["district"], rural),
        "exposure_rural": exposure(people["district"], rural),
        "homophily_rural": homophily(society.ties, rural),
        "homophily_minority": homophily(society.ties, minority),
        **shape(society.ties, people=2_000),
    }
    return {name: float(value) for name, value in found.items()}


def golden(name: str, done: Callable[[], None] | None = None) -> dict[str, Any]:
    """Moments of a named world: of its first seed, and mean and SD over 8 seeds.

    Cost: 8 societies of 10,000 citizens.
    """
    found = []
    for seed in range(1, SEEDS + 1):
        found.append(moments(load_world(name, citizens=CITIZENS, seed=seed).simulate()))
        if done is not None:
            done()
    table = pd.DataFrame(found)
    return {
        "world": name,
        "citizens": CITIZENS,
        "seeds": SEEDS,
        "moments": {
            moment: {
                "seed_1": _rounded(values.iloc[0]),
                "mean": _rounded(values.mean()),
                "sd": _rounded(values.std(ddof=1)),
            }
            for moment, values in table.items()
        },
    }


def write_golden(folder: str | Path, done: Progress | None = None) -> list[Path]:
    """Write the golden moments of every named world, and the tables of ``README.md``.

    Parameters
    ----------
    folder : path
        The repository's ``data``: ``golden/WORLD.json`` are written, and the tables between the
        marks of its README.

    Raises
    ------
    InputError
        When the folder has no README with the marks.
    """
    readme = Path(folder) / "README.md"
    text = _marked(readme)
    names, steps = world_ids(), len(world_ids()) * SEEDS
    count = 0

    def one() -> None:
        nonlocal count
        count += 1
        if done is not None:
            done(count, steps)

    found = {name: golden(name, one) for name in names}
    target = Path(folder) / "golden"
    target.mkdir(exist_ok=True)
    written = [target / f"{name}.json" for name in found]
    for path, facts in zip(written, found.values(), strict=True):
        path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8", newline="\n")
    for mark, table in (("worlds", world_table(found)), ("network", network_table(found))):
        before, rest = text.split(f"<!-- {mark}:begin -->\n")
        after = rest.split(f"<!-- {mark}:end -->")[1]
        text = f"{before}<!-- {mark}:begin -->\n{table}<!-- {mark}:end -->{after}"
    readme.write_text(text, encoding="utf-8", newline="\n")
    return [*written, readme]


#: Columns of the table of worlds: heading and moment.
_WORLD_COLUMNS: dict[str, str] = beside(__file__)["columns"]
#: Columns of the table of ties: what describes a whole network, not groups of it.
_NETWORK_COLUMNS = [name for name in MEASURES if name != "homophily"]


def world_table(found: Mapping[str, dict[str, Any]]) -> str:
    """Markdown table of the worlds: mean and SD over seeds of what tells them apart."""
    sources = worlds().set_index("id")["rows"]
    rows = [
        [f"`{name}`", str(sources[name]), *_cells(facts, _WORLD_COLUMNS.values())]
        for name, facts in found.items()
    ]
    return _markdown([["world", "rows", *_WORLD_COLUMNS], *rows])


def network_table(found: Mapping[str, dict[str, Any]]) -> str:
    """Markdown table of the ties of each world, beside published figures."""
    head = ["world", *(name.replace("_", " ") for name in _NETWORK_COLUMNS)]
    rows = [[f"`{name}`", *_cells(facts, _NETWORK_COLUMNS)] for name, facts in found.items()]
    published = ["*published*", *(MEASURES[name][1] for name in _NETWORK_COLUMNS)]
    return _markdown([head, *rows, published])


def _gap(values: pd.Series, member: Any) -> float:
    return float(values[member].mean() - values[~member].mean())


def _between(values: pd.Series, place: pd.Series) -> float:
    """Share of the variance that lies between districts."""
    means = values.groupby(place).transform("mean")
    return float(means.var() / values.var())


def _marked(readme: Path) -> str:
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    for mark in ("worlds", "network"):
        if f"<!-- {mark}:begin -->" not in text or f"<!-- {mark}:end -->" not in text:
            remedy = f"put <!-- {mark}:begin --> and <!-- {mark}:end --> into it"
            raise InputError(str(readme), f"has no place for the table '{mark}'", remedy)
    return text


def _rounded(value: float) -> float | None:
    return float(f"{value:.7g}") if np.isfinite(value) else None


def _cells(facts: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [_shown(facts["moments"][name]) for name in names]


def _shown(fact: Mapping[str, float | None]) -> str:
    mean, sd = fact["mean"], fact["sd"]
    if mean is None or sd is None:
        return ""
    return f"{mean:.3g} ± {sd:.1g}" if sd else f"{mean:.3g}"


def _markdown(lines: list[list[str]]) -> str:
    ruled = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in ruled)
