"""Recourse for each person on the opaque model, with eight and with twelve actions.

Run with ``python benchmarks/recourse.py``; writes benchmarks/results/recourse.md.
"""

import time

from tables import write_table

from credit_ml.agencies import load_agency
from credit_ml.disclosure import recourse
from credit_ml.response import Menu, default_menu
from credit_ml.society import World

PEOPLE = 1_000
MORE = ("books", "trips", "online_hours", "driver_stars")


def twelve() -> Menu:
    """Return the default menu and four more actions."""
    menu = default_menu().model_dump()
    menu["id"] = "twelve"
    for column in MORE:
        menu["actions"] = (
            *menu["actions"],
            {
                "id": f"more_{column}",
                "name": f"more {column}",
                "kind": "cosmetic",
                "price": 0.4,
                "effort": 0.002,
                "source": "assumed",
                "changes": [{"column": column, "add": 1.0}],
            },
        )
    return Menu.from_dict(menu)


def main() -> None:
    """Measure and write the table."""
    society = World(citizens=20_000, seed=1).simulate()
    rater = load_agency("sesame").fit(society)
    dataset = rater.agency.view(society)
    rows = []
    for menu in (default_menu(), twelve()):
        recourse(rater, dataset.take(range(20)), threshold=650, menu=menu)
        start = time.perf_counter()
        found = recourse(rater, dataset.take(range(PEOPLE)), threshold=650, menu=menu).people
        took = time.perf_counter() - start
        counts = found["status"].value_counts()
        refused = int(PEOPLE - counts["granted already"])
        rows.append(
            {
                "actions": len(menu.visible(list(dataset.X.columns))),
                "people": PEOPLE,
                "refused": refused,
                "impossible": int(counts["impossible"]),
                "seconds": round(took, 2),
                "people a second": round(PEOPLE / took),
                "refused a second": round(refused / took),
            }
        )
    write_table(
        "recourse.md",
        "The cheapest way to a line, proven by enumeration",
        rows,
        notes=[
            "sesame (opaque), 650 points, world baseline; one walk of each tree for all bundles. "
            "Target: 100 people a second with twelve actions."
        ],
    )


if __name__ == "__main__":
    main()
