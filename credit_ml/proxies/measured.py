"""What is measured of everybody, of a group, or of a group against its reference: a row each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from credit_ml.inference import Comparison, Estimate
from credit_ml.inference.comparison import EVERYBODY


class Fact(NamedTuple):
    """A measure, of whom, and its estimate."""

    measure: str
    who: Comparison
    """Without a reference group: of that group alone."""
    estimate: Estimate

    def row(self, level: float, **own: Any) -> dict[str, Any]:
        """As columns of a finding, the instrument's own last."""
        kind = "difference" if self.who.reference_group else "value"
        named = {"quantity": kind, "measure": self.measure, **self.who.labels}
        return {**named, **self.estimate.facts(level), **own}


def everybody(people: int) -> Comparison:
    """Everybody, compared with nobody."""
    return Comparison(*EVERYBODY, "", np.ones(people, dtype=bool))


def groups_in(compared: Sequence[Comparison]) -> list[Comparison]:
    """Each group of a feature, the reference last, compared with nobody."""
    first = compared[0]
    groups = [Comparison(pair.sensitive, pair.group, "", pair.inside) for pair in compared]
    return [*groups, Comparison(first.sensitive, first.reference_group, "", first.outside)]
