"""ml-fairness-gym's side of ../gym_lending.py, run by an interpreter that has gym 0.19.

``python peers/gym_side.py CHECKOUT POLICY SEED [STEPS] [plain]`` runs their lending experiment
at their defaults and prints one line of JSON. The last word keeps the library calls that are
replaced below by faster ones with the same result. ``python peers/gym_side.py CHECKOUT chances``
prints the chance of a loan that their policies give at each score in each state that it reads.
"""

import collections.abc
import functools
import json
import sys
import types
from contextlib import redirect_stdout

import numpy as np

#: Steps after which the numbers are read; the last is the length of their experiment.
STEPS = (1_000, 10_000)
#: Lowest score at which a loan pays in expectation: 0.6 repay; a default costs what it gains.
PAYS = 3


def importable(checkout: str) -> None:
    """Make the checkout's modules importable by this Python, without what lending never uses."""
    collections.Sequence = collections.abc.Sequence  # Moved in Python 3.10.
    for name in ("recsim", "recsim.simulator", "recsim.simulator.recsim_gym"):
        sys.modules[name] = types.ModuleType(name)
    recsim = sys.modules["recsim.simulator.recsim_gym"]
    recsim.RecSimGymEnv = type("RecSimGymEnv", (), {})
    sys.modules["recsim.simulator"].recsim_gym = recsim
    sys.path.insert(0, checkout)


def confusion_matrix(truth, guess, sample_weight):
    """Two by two counts, as scikit-learn's function gives them, without its checks of input."""
    cells = 2 * np.asarray(truth, dtype=int) + np.asarray(guess, dtype=int)
    return np.bincount(cells, sample_weight, minlength=4).reshape(2, 2)


def faster(policies, *, equalize: bool) -> None:
    """Replace calls by equal ones; nothing that is drawn or decided changes."""
    policies.sklearn_metrics = types.SimpleNamespace(
        roc_curve=policies.sklearn_metrics.roc_curve, confusion_matrix=confusion_matrix
    )
    hull, last = policies.convex_hull_roc, {}

    @functools.wraps(hull)
    def once(roc):
        if last.get(id(roc), (None,))[0] is not roc:
            if len(last) > 8:
                last.clear()
            last[id(roc)] = (roc, hull(roc))
        return last[id(roc)][1]

    policies.convex_hull_roc = once
    if equalize:
        # The common line, which nobody is held to once each group has its own.
        policies.single_threshold = lambda **_: 0.0


def recorded(lending) -> list:
    """Fill a list, as a run goes, with what each retrained common line does to those at PAYS.

    True where it turns them down, False where it lets them in, None where nobody stands there.
    """
    denied: list[bool | None] = []
    agent = lending.oracle_lending_agent.OracleThresholdAgent
    trained = agent._set_thresholds

    def train(self, corpus):
        trained(self, corpus)
        # Every score has a hair of weight in their corpus, also where nobody stands.
        there = sum(each.weight for each in corpus.examples if each.features == [PAYS]) > 1e-4
        denied.append(bool(self.global_threshold > PAYS) if there else None)

    agent._set_thresholds = train
    return denied


def run(policy: str, seed: int, steps: int, *, plain: bool) -> dict:
    """One run: what their metrics say after the first steps, and after all."""
    from absl import flags
    from agents import threshold_policies

    from experiments import lending

    flags.FLAGS(["gym_side", "--nouse_tqdm"])
    if not plain:
        faster(threshold_policies, equalize=policy == "equalize_opportunity")
    experiment = lending.Experiment(
        threshold_policy=threshold_policies.ThresholdPolicy(policy),
        seed=seed,
        num_steps=steps,
        return_json=False,
        include_cumulative_loans=True,
    )
    denied = recorded(lending) if policy == "maximize_reward" else []
    report = experiment.run()
    history, metrics = report["environment"]["history"], report["metric_results"]
    cash = [item.state.bank_cash for item in history]
    found = {"policy": policy, "seed": seed, "steps": len(history), "at": {}}
    for step in sorted({*(each for each in STEPS if each < len(history)), len(history)}):
        parts = history[step - 1].state.params.applicant_distribution.components
        found["at"][step] = {
            "distribution": [list(map(float, part.weights)) for part in parts],
            "recall": metrics["cumulative_recall"][:, step - 1].tolist(),
            "loans": metrics["cumulative_loans"][:, step - 1].tolist(),
            "profit": float((cash[step - 1] - cash[0]) / (step - 1)),
        }
    # Their own metrics of the whole run say the same.
    whole = found["at"][len(history)]
    last = metrics["final_credit_distributions"]
    assert whole["distribution"] == [list(last["0"]), list(last["1"])]
    assert np.allclose(whole["recall"], [metrics["recall"]["0"], metrics["recall"]["1"]])
    assert np.isclose(whole["profit"], metrics["profit rate"])
    if denied:
        told = [each for each in denied if each is not None]
        found["denied though a loan pays"] = [sum(told), len(told), len(denied)]
    return found


def chances(states: list) -> dict:
    """Chance of a loan by policy, state, group and score, of their oracle in each state."""
    import params
    from agents import threshold_policies as policies
    from environments import lending_params

    costs = params.CostMatrix(fn=0, fp=-1, tp=1.0, tn=0)
    repay = lending_params.DELAYED_IMPACT_SUCCESS_PROBS
    found: dict[str, list] = {"maximize_reward": [], "equalize_opportunity": []}
    for state in states:
        scores, labels, weights = {}, {}, {}
        for group, shares in enumerate(state):
            cells = [(score, label) for score in range(len(shares)) for label in (0, 1)]
            scores[group] = [score for score, _ in cells]
            labels[group] = [label for _, label in cells]
            # As their oracle writes its corpus, a hair everywhere included.
            weights[group] = [
                (repay[score] if label else 1 - repay[score]) * shares[score] + 1e-6
                for score, label in cells
            ]
        together = [[*each[0], *each[1]] for each in (scores, labels, weights)]
        line = policies.single_threshold(*together, costs)
        lines = policies.equality_of_opportunity_thresholds(scores, labels, weights, costs)
        every = range(len(state[0]))
        found["maximize_reward"].append([[float(score >= line) for score in every] for _ in state])
        found["equalize_opportunity"].append(
            [
                [
                    sum(share for share, at in lines[group].iteritems() if score >= at)
                    for score in every
                ]
                for group in range(len(state))
            ]
        )
    return found


def main() -> None:
    """Print what one run finds, or what the policies are."""
    checkout, what, *more = sys.argv[1:]
    importable(checkout)
    with redirect_stdout(sys.stderr):
        if what == "chances":
            found = chances(json.load(sys.stdin))
        else:
            steps = int(more[1]) if len(more) > 1 and more[1] != "plain" else STEPS[-1]
            found = run(what, int(more[0]), steps, plain="plain" in more)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
