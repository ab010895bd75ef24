"""Fit two worlds to published moments, and say which knobs the moments do not settle.

Simulated moments: the sum of squared distances to the targets of `targets.toml`, each in its own
SD, plus the knobs' distances from where they started, each in its own, by `scipy.optimize`.
The second part is a prior: along a direction that no moment settles the knobs stay where they were.
Run ``python experiments/calibration/calibrate.py`` to write the worlds and this folder's README.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from credit_ml.core import InputError, read_toml
from credit_ml.society import Society, World, load_world
from credit_ml.society.catalogue import WORLDS
from credit_ml.society.description.network import clustering
from credit_ml.society.description.segregation import dissimilarity, homophily
from credit_ml.society.ties.slots import CONTEXTS

FOLDER = Path(__file__).parent
CITIZENS, SEEDS, CHECKED = 20_000, (1, 2), tuple(range(11, 19))
#: Share of a knob's prior variance that the moments must take away for it to count as settled.
SETTLED = 0.9


def published(society: Society) -> dict[str, float]:
    """Every moment that a publication states of some society."""
    people, records, kept = society.people, society.records, society.outcome["kept"]
    rural, minority = (people["hukou"] == "rural"), (people["ethnicity"] == "minority")
    woman, income = people["gender"] == "woman", np.log(records["income"])
    ranked = np.sort(records["income"].to_numpy(dtype=float))
    place = 2 * np.arange(1, len(ranked) + 1) - len(ranked) - 1
    found = {
        "income_median": records["income"].median(),
        "income_gini": (place @ ranked) / len(ranked) / ranked.sum(),
        "log_income_hukou": income[rural].mean() - income[~rural].mean(),
        "log_income_gender": income[woman].mean() - income[~woman].mean(),
        "log_income_ethnicity": income[minority].median() - income[~minority].median(),
        "court_orders": (records["judgments"] > 0).mean(),
        "women_among_rural": woman[rural].mean(),
        "old": (people["age_band"] == "60+").mean(),
        "hours_online": (records["gaming_hours"] + records["online_hours"]).mean(),
        "partnered_30_44": records["partner"][people["age_band"] == "30-44"].mean(),
        "minority": minority.mean(),
        "kept_majority": kept[~minority].mean(),
        "kept_minority": kept[minority].mean(),
        "dissimilarity_minority": dissimilarity(people["district"], minority.to_numpy()),
        "homophily_minority": homophily(society.ties, minority.to_numpy()),
        "mean_degree": np.diff(society.ties.indptr).mean(),
        "clustering": clustering(society.ties, people=2_000),
    }
    return {name: float(value) for name, value in found.items()}


def changed(world: World, knobs: dict[str, Any]) -> World:
    """Return a world with some knobs set, by their dotted names."""
    plain = world.to_dict()
    for name, value in knobs.items():
        *groups, last = name.split(".")
        table = plain
        for group in groups:
            table = table[group]
        table[last] = value
    ties = plain["ties"]
    shares = [name for name in ("closure", *CONTEXTS[:-1]) if ties[name]]
    total = max(1.0, sum(ties[name] for name in shares) + 1e-9)
    # Shares that sum to more than 1 are scaled down together; four digits are kept.
    if total > 1.0:
        plain["ties"] = ties | {name: np.floor(1e4 * ties[name] / total) / 1e4 for name in shares}
    return World.from_dict(plain)


def simulated(world: World, seeds: tuple[int, ...]) -> pd.DataFrame:
    """Moments of a world's societies, one row a seed."""
    size = {"citizens": CITIZENS}
    return pd.DataFrame(
        published(World.from_dict(world.to_dict() | size | {"seed": seed}).simulate())
        for seed in seeds
    )


def fit(target: dict[str, Any]) -> tuple[World, pd.Series]:
    """Return the fitted world, and the share of prior variance that each knob lost."""
    start = changed(load_world(target["base"]), target.get("start", {}))
    limits = start.describe_frame().set_index("name").loc[list(target["knobs"])]
    scale = np.array(list(target["knobs"].values()))
    first = limits["value"].to_numpy(dtype=float)
    moments = pd.DataFrame(target["moments"]).T

    def residuals(place: np.ndarray) -> np.ndarray:
        step = place - 1.0
        world = changed(start, dict(zip(limits.index, first + scale * step, strict=True)))
        mean = simulated(world, SEEDS).mean()[moments.index]
        away = (mean - moments["value"].astype(float)) / moments["sd"].astype(float)
        return np.concatenate([away.to_numpy(), step])

    low = np.maximum((limits["low"].to_numpy(float) - first) / scale, -4) + 1.0
    high = np.minimum((limits["high"].to_numpy(float) - first) / scale, 4) + 1.0
    # Steps of finite differences are shares of where one stands, so the prior's mean is at 1.
    at = np.ones(len(scale))
    found = least_squares(residuals, at, bounds=(low, high), diff_step=0.1, max_nfev=8)
    # Posterior variance of the linearised problem, whose prior variance is 1.
    left = np.diag(np.linalg.inv(found.jac.T @ found.jac))
    values = np.round(first + scale * (found.x - 1.0), 4)
    settled = pd.Series(1 - left, index=limits.index)
    return changed(start, dict(zip(limits.index, values.tolist(), strict=True))), settled


def write_world(name: str, target: dict[str, Any], world: World) -> None:
    """Write the TOML of a fitted world: whatever it has otherwise than its base."""
    base = load_world(target["base"]).describe_frame().set_index("name")["value"]
    tables: dict[str, dict[str, Any]] = {}
    for row in world.describe_frame().itertuples():
        if row.value != base[row.name]:
            table, _, last = row.name.rpartition(".")
            tables.setdefault(table, {})[last] = row.value
    lines = [
        f'id = "{name}"', f'title = "{target["title"]}"',
        f"rows = {target['rows']!r}".replace("'", '"'),
        f'description = """\n{target["description"].strip()}\n"""', f'base = "{target["base"]}"',
        "# Written by experiments/calibration/calibrate.py.",
    ]  # fmt: skip
    for table in sorted(tables):
        lines.append(f"[{table}]")
        lines += [f"{knob} = {json.dumps(value)}" for knob, value in tables[table].items()]
    for moment in target["claimed"]:
        aim = target["moments"][moment]
        lines += ["[[claims]]", f'measure = "published.{moment}"']
        lines += [f"above = {aim['value'] - 3 * aim['sd']:.4g}"]
        lines += [f"below = {aim['value'] + 3 * aim['sd']:.4g}"]
    (WORLDS / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(target: dict[str, Any], world: World, settled: pd.Series) -> list[str]:
    """Markdown of one fitted world: moments beside targets, and what stays unsettled."""
    found = simulated(world, CHECKED)
    lines = [f"## {target['title']}", "", "| moment | published | simulated | source |"]
    lines += ["|---|---|---|---|"]
    for name, aim in target["moments"].items():
        mean, sd = found[name].mean(), found[name].std()
        lines += [f"| {name} | {aim['value']:g} | {mean:.3g} ± {sd:.1g} | {aim['source']} |"]
    values = world.describe_frame().set_index("name")["value"]
    lines += [
        "",
        "| knob | fitted | share of prior variance that the moments take away |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {values[name]:g} | {share:.2f} |" for name, share in settled.items()]
    loose = [f"`{name}`" for name, share in settled.items() if share < SETTLED]
    lines += ["", f"Not settled by these moments: {', '.join(loose) or 'none of these'}.", ""]
    return lines


def main() -> None:
    """Fit both worlds and write them and the README's tables."""
    readme = FOLDER / "README.md"
    head = readme.read_text(encoding="utf-8").split("<!-- fitted -->")[0]
    lines = [head + "<!-- fitted -->", ""]
    for name, target in read_toml(FOLDER / "targets.toml", InputError, "give a TOML file").items():
        world, settled = fit(target)
        write_world(name, target, world)
        lines += report(target, world, settled)
    readme.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
