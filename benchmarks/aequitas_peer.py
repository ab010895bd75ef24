"""Aequitas' side of aequitas_audit.py, run by an interpreter that has Aequitas and pandas 2.

``python benchmarks/aequitas_peer.py ROWS.parquet REPEATS`` prints one line of JSON.
"""

import gc
import itertools
import json
import sys
import time
from importlib.metadata import version

import pandas as pd
from aequitas.audit import Audit


def timed(frame: pd.DataFrame, features: list[str], repeats: int) -> tuple[list[float], Audit]:
    """Wall times of some audits after one to warm up, and the last audit."""
    wall = []
    for repeat in range(repeats + 1):
        gc.collect()
        start = time.perf_counter()
        audit = Audit(
            frame, score_column="score", label_column="label", sensitive_attribute_column=features
        )
        audit.audit()
        if repeat:
            wall.append(time.perf_counter() - start)
    return wall, audit


def main(rows: str, repeats: int) -> None:
    frame = pd.read_parquet(rows)
    features = [name for name in frame.columns if name not in ("score", "label")]
    # It takes text only (dtype object).
    frame = frame.astype(dict.fromkeys(features, "object"))
    wall, audit = timed(frame, features, repeats)
    crossed = list(features)
    for size in range(2, len(features) + 1):
        for names in itertools.combinations(features, size):
            crossed.append(" x ".join(names))
            first, *rest = (frame[name] for name in names)
            frame[crossed[-1]] = first.str.cat(rest, sep=" x ")
    metrics = audit.metrics_df
    places = zip(metrics["attribute_name"], metrics["attribute_value"], strict=True)
    rates = {
        ", ".join(place): float(each) for place, each in zip(places, metrics["tpr"], strict=True)
    }
    found = {
        "versions": {name: version(name) for name in ("aequitas", "pandas")},
        "features": wall,
        "crossed": timed(frame, crossed, repeats)[0],
        "tpr": rates,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
