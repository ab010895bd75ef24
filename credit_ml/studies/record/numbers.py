"""A run's parameters and numbers under names that mlflow takes, as many at once as it takes."""

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from credit_ml.core import Finding, RaterResults, instruments, interruption
from credit_ml.reports.provenance import flat

#: Bytes of a key at most: mlflow counts letters, and folders of runs have files of such names.
_LONGEST = 250
#: What mlflow takes in one call: so many parameters, and so many of all kinds.
MOST_PARAMETERS, MOST_AT_ONCE = 100, 1000


class OfModel(NamedTuple):
    """The logged model that numbers are of, and the people whom it was tried on."""

    model_id: str
    dataset_name: str
    dataset_digest: str


class Part(NamedTuple):
    """What an instrument measured of one regime, or of what else it says, of a rater."""

    kind: str
    what: str
    value: str
    metrics: dict[str, float]
    """By the names that they have among all of the rater's."""

    @property
    def start(self) -> str:
        """What those names begin with."""
        return f"{self.kind}.{self.value}."

    def named_alike(self) -> dict[str, float]:
        """The same by the names that its siblings have too, so that they stand in one column.

        Examples
        --------
        >>> told = {"disclosure.full.welfare": 0.5}
        >>> Part("disclosure", "regime", "full", told).named_alike()
        {'disclosure.welfare': 0.5}
        """
        return {
            f"{self.kind}.{name.removeprefix(self.start)}": value
            for name, value in self.metrics.items()
        }


@interruption.deferred()
def tell(
    run_id: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    metrics: Mapping[str, float] | None = None,
    tags: Mapping[str, str] | None = None,
    model: OfModel | None = None,
) -> None:
    """Tell mlflow a run's parameters, numbers and tags, as much at once as it takes."""
    import time

    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param, RunTag

    now = int(time.time() * 1000)
    told = [Param(tracking_key(name), str(value)[:6000]) for name, value in flat(parameters or {})]
    measured = [
        Metric(tracking_key(name), value, now, 0, *(model if model and of_everybody(name) else ()))
        for name, value in (metrics or {}).items()
    ]
    noted, client = [RunTag(name, value) for name, value in (tags or {}).items()], MlflowClient()
    while told or measured or noted:
        room = MOST_AT_ONCE - len(told[:MOST_PARAMETERS]) - len(noted)
        client.log_batch(run_id, measured[:room], told[:MOST_PARAMETERS], noted)
        told, measured, noted = told[MOST_PARAMETERS:], measured[room:], []


def of_everybody(name: str) -> bool:
    """Whether a number is of all people, and so one of the few on a model's own page.

    Examples
    --------
    >>> names = "quality.auc", "fairness.selection_rate.overall", "quality.auc.hukou.rural"
    >>> [of_everybody(name) for name in names]
    [True, True, False]
    """
    return name.endswith(".overall") or (name.startswith("quality.") and name.count(".") == 1)


def numbers_of(findings: tuple[Finding, ...]) -> dict[str, float]:
    """Return the numbers of findings by name, without those that are none."""
    return {
        name: value
        for finding in findings
        for name, value in finding.metrics().items()
        if value == value and abs(value) != float("inf")
    }


def parts_of(rater: RaterResults) -> Iterator[Part]:
    """Yield what has a run of its own below a rater's, which then does not say it again."""
    for each in (each for each in instruments().values() if each.nested_by):
        for finding in (found for kind in each.kinds for found in rater.of_kind(kind)):
            measured = numbers_of((finding,))
            for value in map(str, finding.table[each.nested_by].unique()):
                part = Part(finding.kind, str(each.nested_by), value, {})
                told = (name for name in measured if name.startswith(part.start))
                part.metrics.update({name: measured[name] for name in told})
                yield part


def tracking_key(name: str) -> str:
    """Return a name as mlflow takes it; two names never become one.

    Letters of any language stay. A name with other signs, one that mlflow would read as another
    path, or a long one is cut and ends with a checksum of the whole.

    Examples
    --------
    >>> tracking_key("audit.收入"), tracking_key("revenu €") == tracking_key("revenu $")
    ('audit.收入', False)
    """
    plain = re.sub(r"[^\w\-. /]", "_", name)
    one_path = posixpath.normpath(name) == name and not name.startswith((".", "/"))
    if plain == name and one_path and len(name.encode()) <= _LONGEST:
        return name
    checksum = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:12]
    start = plain.replace("/", "_").encode(errors="replace")[: _LONGEST - len(checksum) - 1]
    return f"{start.decode(errors='ignore').lstrip('.')}.{checksum}"
