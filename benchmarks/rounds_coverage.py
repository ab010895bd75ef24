"""How often intervals over societies hold the world's number, of what lists do over the years.

``python benchmarks/rounds_coverage.py`` meets 210 societies of 3,000 citizens, each for ten years
under joint punishment and without a list, and writes benchmarks/results/rounds_coverage.md and what
pages say of it (credit_ml/reports/facts.toml). `interval_coverage.py` says how sets are drawn.
"""

import re
import time
from dataclasses import replace

import pandas as pd
from interval_coverage import COVERED, DRAWS, RESAMPLED, over_societies, world_of
from tables import write_table

from credit_ml.dynamics import changes, run_rounds

SOCIETIES, PEOPLE, DISTRICTS, YEARS = 210, 3_000, 8, 10
#: What the page's answer says: measure, quantity and group.
SAID = (
    ("broken", "change", "all"),
    ("broken_of_the_listed", "change", "all"),
    ("kept_for_a_listing", "change", "all"),
    ("children_barred", "change", "all"),
    ("restrictions", "value", "all"),
    ("escape", "value", "all"),
    ("ever_listed", "value", "all"),
    ("ever_listed", "value", "rural"),
    ("ever_listed", "value", "urban"),
    ("ever_listed", "difference", "rural"),
)


def met(seed: int) -> pd.DataFrame:
    """Every number of one society."""
    society = replace(world_of("baseline", PEOPLE, DISTRICTS), seed=seed).simulate()
    policy, without = (run_rounds(society, name, years=YEARS) for name in ("joined", "no_list"))
    asked = {"sensitive": "hukou", "reference_groups": "urban"}
    effects = changes(policy, without, **asked).where(quantity="change").table
    found = pd.concat([effects, policy.by_group(**asked).table])
    found = found.set_index(["measure", "quantity", "group"])["estimate"].reindex(list(SAID))
    what = [f"{quantity}: {measure}, {group}" for measure, quantity, group in SAID]
    return pd.DataFrame({"seed": seed, "what": what, "estimate": found.to_numpy()})


def main() -> None:
    """Meet all societies, and write both files."""
    start = time.process_time()
    found = pd.concat([met(20_000 + place) for place in range(SOCIETIES)])
    spent = time.process_time() - start
    known = found.dropna(subset=["estimate"])
    numbers = known.groupby("what")["seed"].nunique()
    held = over_societies(known)
    rows = [
        {
            "people": PEOPLE,
            "districts": DISTRICTS,
            "what": row.what,
            "over societies": f"{100 * row.held:.1f} %",
            "societies": int(numbers[row.what]),
        }
        for row in held.itertuples()
    ]
    notes = (
        f"World baseline, joint punishment against no list, {YEARS} years. Truth: the mean over "
        f"the societies. {DRAWS:,} sets of one society and {RESAMPLED} others are drawn from them.",
        f"{spent:.0f} seconds of one processor.",
    )
    print(write_table("rounds_coverage.md", "Coverage of intervals over years", rows, notes=notes))
    shares = [round(100 * share, 1) for share in held["held"]]
    text = COVERED.read_text(encoding="utf-8")
    ends = f"rounds = [{min(shares)}, {max(shares)}]"
    COVERED.write_text(re.sub(r"(?m)^rounds = .*$", ends, text), encoding="utf-8")


if __name__ == "__main__":
    main()
