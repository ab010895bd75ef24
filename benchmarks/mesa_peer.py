"""Mesa's side of rounds.py, run by an interpreter that has Mesa 3.

``python benchmarks/mesa_peer.py TOY.json REPEATS`` prints one line of JSON.
"""

import json
import math
import sys
import time
from importlib.metadata import version

from mesa import Agent, Model


class Citizen(Agent):
    """Somebody who keeps or breaks an obligation each year, and may be on the list."""

    def __init__(self, model: "Town", odds: float, place: int) -> None:
        super().__init__(model)
        self.odds, self.place, self.left, self.broken = odds, place, 0, 0

    def step(self) -> None:
        """Live a year: the restriction falls, the obligation falls due, the list follows."""
        toy, year = self.model.toy, self.model.year
        odds = self.odds - (toy["restriction"] if self.left else 0.0)
        broke = toy["due"][year][self.place] >= 1.0 / (1.0 + math.exp(-odds))
        self.broken += broke
        self.left = max(self.left - 1, 0)
        if broke and toy["orders"][year][self.place] < toy["order_chance"]:
            self.left = max(self.left, toy["listed_years"])


class Town(Model):
    """All citizens, and the year."""

    def __init__(self, toy: dict) -> None:
        super().__init__(seed=1)
        self.toy, self.year = toy, 0
        for place, odds in enumerate(toy["odds"]):
            Citizen(self, odds, place)

    def step(self) -> None:
        """Let everybody live a year."""
        self.agents.do("step")
        self.year += 1


def main(path: str, repeats: int) -> None:
    with open(path) as file:
        toy = json.load(file)
    wall, processor = [], []
    for repeat in range(repeats + 1):
        town = Town(toy)
        start, used = time.perf_counter(), time.process_time()
        for _ in range(len(toy["due"])):
            town.step()
        if repeat:
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - used)
    found = {
        "wall": wall,
        "processor": processor,
        "broken": sum(each.broken for each in town.agents),
        "listed": sum(each.left > 0 for each in town.agents),
        "version": version("mesa"),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
