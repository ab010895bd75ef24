"""Every headline of a study at every setting."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, conform
from credit_ml.core.figure import Axes
from credit_ml.studies.settings.design import SweepTable, plain_value
from credit_ml.studies.settings.figure import draw_settings


class SettingSweep(Finding):
    """Every headline at every setting: the columns of what is varied, and the schema's.

    "setting" counts the settings, 0 is the study as it stands. A setting that failed, or a
    headline that a setting does not have, has no estimate.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> table = conform([{"measure": "auc", "estimate": 0.7, "headline": "the AUC", "setting": 1}])
    >>> SettingSweep(table=table, title="At every setting").metrics()
    {}
    """

    kind: ClassVar[str] = "setting_sweep"
    labels: ClassVar[tuple[str, ...]] = ("headline", "setting")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw headlines against every knob; on given axes the first of both."""
        return draw_settings(self.table, self.parameters, axes)


def setting_sweep(
    sweep: SweepTable,
    base: pd.DataFrame,
    made: Sequence[pd.DataFrame | None],
    declared: Mapping[str, Any],
) -> SettingSweep:
    """Put cells together.

    Parameters
    ----------
    sweep : SweepTable
    base : DataFrame
        Cell of the study as it stands.
    made : sequence of DataFrame or None
        Cell of every setting, in the order of `SweepTable.settings`; None where it failed.
    declared : mapping
        What the study as it stands says of every varied key; None where it says nothing.
    """
    settings, tables = sweep.settings(), []
    for number, (setting, cell) in enumerate(
        zip([dict(declared), *settings], [base, *made], strict=True)
    ):
        held = base.assign(estimate=np.nan, low=np.nan, high=np.nan) if cell is None else cell
        values = {key: plain_value(setting[key]) for key in sweep.names if setting[key] is not None}
        tables.append(held.assign(setting=number, **values))
    table = conform(pd.concat(tables, ignore_index=True))
    failed = sum(each is None for each in made)
    notes = [f"{failed} settings of {len(made)} failed and are left out."] if failed else []
    return SettingSweep(
        table=table,
        title="Every headline at every setting",
        parameters={
            "settings": len(made),
            "failed": failed,
            "over": sweep.names,
            "ranges": {key: _told(each) for key, each in sweep.model_dump()["over"].items()},
            "declared": {key: plain_value(declared[key]) for key in sweep.names},
            "headlines": [each.name for each in sweep.headlines],
            "turns": {each.name: each.value for each in sweep.headlines},
            "fixed": [each.name for each in sweep.headlines if each.fixed],
            "design": sweep.design,
            "points": sweep.points,
        },
        seed=sweep.seed,
        notes=tuple(notes),
    )


def _told(values: Any) -> str:
    if isinstance(values, Mapping):
        return f"{values['low']:g} to {values['high']:g}"
    return ", ".join(str(plain_value(each)) for each in values)
