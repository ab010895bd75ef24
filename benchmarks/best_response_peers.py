"""Ask DiCE and treecf for the cheapest way to a line; called by best_responses.py.

Needs dice-ml, treecf, pyarrow, and the scikit-learn and numpy that made the model.
"""

import json
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from scipy.special import expit

#: Seconds after which a peer's answer to one person is waited for no longer.
PATIENCE = 10.0


def main(folder: Path) -> None:
    """Time each peer, person by person, and write what they found."""
    warnings.simplefilter("ignore")
    task = json.loads((folder / "task.json").read_text("utf-8"))
    model = joblib.load(folder / "model.joblib")
    own = pd.read_parquet(folder / "from.parquet").astype("float64")
    then = pd.read_parquet(folder / "to.parquet").astype("float64")
    answers = {}
    for name, people in task["asked"].items():
        peer, kind = name.split()
        ask = (
            _treecf(model, own, then, task, kind)
            if peer == "treecf"
            else _dice(model, own, then, task, kind)
        )
        number = version("treecf" if peer == "treecf" else "dice-ml")
        answers[name] = {"version": number, **_timed(ask, model, own[:people], then, task)}
        print(name, sum(answers[name]["seconds"]) / people, np.mean(answers[name]["found"]))
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def _timed(
    ask: Any, model: Any, own: pd.DataFrame, then: pd.DataFrame, task: dict[str, Any]
) -> dict[str, list[float]]:
    """Ask for each person, and price what comes back as the menu would: by column moved."""
    answer: dict[str, list[float]] = {"seconds": [], "found": [], "cost": []}
    for i in range(len(own)):
        start = time.perf_counter()
        values = ask(i)
        answer["seconds"].append(time.perf_counter() - start)
        passes, cost = False, 0.0
        if values is not None:
            raw = model.decision_function(pd.DataFrame([values], columns=own.columns))[0]
            apart = np.abs(values - own.iloc[i].to_numpy()) > 1e-6
            allowed = own.columns.isin(list(task["prices"]))
            passes = bool(raw >= task["line"] - 1e-9 and not (apart & ~allowed).any())
            cost = sum(task["prices"][name] for name in own.columns[apart & allowed])
        answer["found"].append(float(passes))
        answer["cost"].append(cost)
    return answer


def _treecf(model: Any, own: pd.DataFrame, then: pd.DataFrame, task: dict[str, Any], kind: str):
    import treecf

    names = [str(name) for name in own.columns]
    trees = treecf.Explainer(model, normalizers=dict.fromkeys(names, 1.0)).ir
    target = treecf.Target.raw(range=(task["line"], 1e6))
    inner = [str(name) for name in getattr(trees, "feature_names", names)]

    def ask(i: int):
        x, to = own.iloc[i], then.iloc[i]
        limits, sizes, policy = [], {}, {}
        for name, called in zip(names, inner, strict=True):
            low, high = sorted((float(x[name]), float(to[name])))
            sizes[called] = high - low if high > low else 1.0
            if name not in task["prices"] or high == low:
                limits.append(treecf.Freeze(called))
            else:
                limits.append(treecf.Range(called, low, high))
                policy[called] = treecf.Grid(step=high - low, anchor=low)
        weights = {
            called: task["prices"][name]
            for name, called in zip(names, inner, strict=True)
            if name in task["prices"]
        }
        explainer = treecf.Explainer(
            trees, constraints=limits, weights=weights, normalizers=sizes, value_policy=policy
        )
        # A warm start brings values off the grid, which the exact search then keeps.
        cold = {"warm_start": False} if kind == "exact" else {}
        found = explainer.explain(
            x.to_numpy(), target, backend=kind, time_budget_s=PATIENCE, seed=0, **cold
        )
        return np.asarray(found.x_cf, dtype=float) if hasattr(found, "x_cf") else None

    return ask


class Lined:
    """The model with its line at one half, which is where DiCE looks."""

    def __init__(self, model: Any, line: float) -> None:
        self.model, self.line, self.classes_ = model, line, model.classes_

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Chance relative to the line."""
        names = list(self.model.feature_names_in_)
        chance = expit(self.model.decision_function(X[names].astype("float64")) - self.line)
        return np.column_stack([1 - chance, chance])

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Whether the line is passed."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)


def _dice(model: Any, own: pd.DataFrame, then: pd.DataFrame, task: dict[str, Any], kind: str):
    import dice_ml

    lined = Lined(model, task["line"])
    frame = pd.concat([own, then], ignore_index=True)
    frame["passes"] = lined.predict(frame)
    data = dice_ml.Data(
        dataframe=frame,
        continuous_features=list(own.columns),
        outcome_name="passes",
        continuous_features_precision=dict.fromkeys(own.columns, 6),
    )
    explainer = dice_ml.Dice(data, dice_ml.Model(model=lined, backend="sklearn"), method=kind)

    def ask(i: int):
        x, to = own.iloc[i], then.iloc[i]
        free = [name for name in task["prices"] if x[name] != to[name]]
        ranges = {name: sorted((float(x[name]), float(to[name]))) for name in free}
        seed = {"random_seed": 0} if kind == "random" else {}
        try:
            found = explainer.generate_counterfactuals(
                own.iloc[[i]],
                total_CFs=1,
                desired_class=1,
                features_to_vary=free,
                permitted_range=ranges,
                **seed,
            )
        except Exception as error:  # what a peer raises when it finds nothing
            print(type(error).__name__, str(error)[:100], file=sys.stderr)
            return None
        best = found.cf_examples_list[0].final_cfs_df
        if best is None or not len(best):
            return None
        return best[list(own.columns)].iloc[0].to_numpy(dtype=float)

    return ask


if __name__ == "__main__":
    main(Path(sys.argv[1]))
