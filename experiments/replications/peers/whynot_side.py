"""whynot's side of ../whynot_simulators.py, run by an interpreter that has whynot 0.12.

``python peers/whynot_side.py < REQUEST`` prints one line of JSON: what their delayed_impact does to
people simulated one by one under each pair of lines (points from which group 0, black, and group 1,
white, borrow), and what their credit does to everybody's columns at each sensitivity.
"""

import dataclasses
import json
import sys
import types
from importlib.metadata import distribution

import numpy as np


def importable() -> None:
    """Make two of their simulators importable by this Python, without the needs of the others."""
    real = dataclasses.dataclass

    def dataclass(cls=None, **options):
        if cls is None:
            return lambda late: real(late, **options)
        # Python 3.11 refuses an array as a field's default.
        for name, value in list(vars(cls).items()):
            if isinstance(value, np.ndarray):
                setattr(cls, name, dataclasses.field(default_factory=value.copy))
        return real(cls, **options)

    dataclasses.dataclass = dataclass
    home = distribution("whynot").locate_file("whynot")
    for name in ("whynot", "whynot.simulators", "whynot.simulators.credit"):
        package = types.ModuleType(name)
        package.__path__ = [str(home.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package


def pair(lines: list[float], people: int, seed: int) -> dict:
    """Mean changes of points and profits, shares with loans, by group, under a pair of lines."""
    from whynot.simulators import delayed_impact

    config = delayed_impact.Config(threshold_g0=lines[0], threshold_g1=lines[1])
    invert = delayed_impact.simulator.INV_CDFS
    rng = np.random.RandomState(seed)
    found = {}
    for group, name in enumerate(("black", "white")):
        # Their sampler of first states, for one group.
        scores = [invert[group](rng.uniform()) for _ in range(people)]
        last = [
            delayed_impact.simulate(
                delayed_impact.State(group=group, credit_score=score),
                config,
                seed=rng.randint(2**31),
            ).final_state
            for score in scores
        ]
        numbers = {
            "change": [each.credit_score - score for each, score in zip(last, scores, strict=True)],
            "loans": [score >= lines[group] for score in scores],
            "utility": [each.profits for each in last],
        }
        found[name] = {
            what: [float(np.mean(each)), float(np.std(each, ddof=1) / people**0.5)]
            for what, each in numbers.items()
        }
        denied = ~np.asarray(numbers["loans"])
        # Nobody without a loan should move.
        found[name]["moved without a loan"] = float(
            np.mean(denied & (np.asarray(numbers["change"]) != 0))
        )
    return found


def response(weights: list[float], sensitivity: float) -> dict:
    """Mean of each column that people can move after they did, and the loss of the classifier."""
    from whynot.simulators.credit import dataloader, simulator

    theta = np.asarray(weights).reshape(-1, 1)
    config = simulator.Config(theta=theta, epsilon=sensitivity)
    data = dataloader.CreditData
    moved = simulator.agent_model(data.features, config)[:, config.changeable_features]
    labels = data.labels.reshape(-1, 1)
    loss = simulator.strategic_logistic_loss(config, data.features, labels, theta)
    return {"people": len(moved), "means": moved.mean(axis=0).tolist(), "loss": float(loss)}


def main() -> None:
    """Print what was asked for."""
    importable()
    asked = json.load(sys.stdin)
    found = {
        "impact": {
            name: pair(lines, asked["people"], seed)
            for seed, (name, lines) in enumerate(asked["lines"].items())
        },
        "response": {
            f"{each:g}": response(asked["weights"], each) for each in asked["sensitivities"]
        },
    }
    print(json.dumps({"version": distribution("whynot").version} | found))


if __name__ == "__main__":
    main()
