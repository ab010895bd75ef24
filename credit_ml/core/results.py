"""What a report is made of: a study's question, its raters and their findings."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from credit_ml.core.finding import Finding
from credit_ml.core.instrument import finding_from_dict
from credit_ml.core.provenance import canonical_json


@dataclass(frozen=True, kw_only=True)
class RaterResults:
    """Everything found about one rater.

    Examples
    --------
    >>> import pandas as pd
    >>> found = Finding(table=pd.DataFrame({"estimate": [1.0]}), title="One")
    >>> len(RaterResults(id="a", name="A", scorer_kind="given", findings=(found,)).of_kind("audit"))
    0
    """

    id: str
    """Short name, unique in the study, such as ``sesame-opaque``."""
    name: str
    """Name in prose and figures, such as ``sesame (opaque)``; findings name it the same."""
    agency: Mapping[str, Any] = field(default_factory=dict)
    """The agency's description as plain values; empty for a model without an agency."""
    scorer_kind: str
    """How points come about: opaque, scorecard, rules, or given (a column of scores)."""
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        kinds = ", ".join(dict.fromkeys(finding.kind for finding in self.findings))
        return f"RaterResults({self.name}: {kinds or 'no findings'})"

    def of_kind(self, kind: str) -> tuple[Finding, ...]:
        """Return this rater's findings of one kind, in the order in which they were made."""
        return tuple(finding for finding in self.findings if finding.kind == kind)

    def to_dict(self) -> dict[str, Any]:
        """Return everything in values that JSON can hold."""
        return {
            "id": self.id,
            "name": self.name,
            "agency": dict(self.agency),
            "scorer_kind": self.scorer_kind,
            "findings": [finding.to_dict() for finding in self.findings],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild what `to_dict` wrote."""
        findings = tuple(finding_from_dict(finding) for finding in stored["findings"])
        return cls(**{**stored, "findings": findings})


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """What an audit check says of one place where it fires (`credit_ml.governance.audit_checks`).

    Examples
    --------
    >>> one = Diagnostic(check="CM101", name="small-group", severity="warning",
    ...                  message="race has groups of fewer than 30 people: Asian (11)")
    >>> print(one)
    CM101 small-group (warning): race has groups of fewer than 30 people: Asian (11)
    """

    check: str
    """Id of the check, such as ``CM101``."""
    name: str
    severity: str
    """"warning" or "note"."""
    message: str
    """One line, with the place and the numbers."""
    rater: str = ""
    """Name of the rater, or what raters of the same columns share; empty for the whole table."""
    sensitive: str = ""
    group: str = ""
    measure: str = ""
    """What was measured, or the column."""
    value: float | None = None
    threshold: float | None = None
    """What the value is held against."""
    muted: str = ""
    """Reason for which it is muted; empty where it is not."""

    def __str__(self) -> str:
        said = f"{self.check} {self.name} ({self.severity}): {self.message}"
        said += f" [{self.rater}]" if self.rater else ""
        return f"{said}; muted: {self.muted}" if self.muted else said

    @property
    def warns(self) -> bool:
        """Whether it is a warning that nobody muted."""
        return self.severity == "warning" and not self.muted


@dataclass(frozen=True, kw_only=True)
class StudyResults:
    """Everything a study found, and all that its report may say.

    Examples
    --------
    >>> results = StudyResults(id="empty", title="Nothing yet", question="Is there anything?")
    >>> StudyResults.from_json(results.to_json()) == results
    True
    >>> results
    StudyResults(empty: Nothing yet; no raters; 0 findings)
    """

    id: str
    """Short name: the study file's name without its ending."""
    title: str
    question: str = ""
    prediction: str = ""
    """What was expected before the run."""
    refutation: str = ""
    """Which result would have shown the prediction wrong."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The people: name, kind (simulated or table), people, features, outcome_rate, digest;
    further keys are shown as facts."""
    world: Mapping[str, Any] | None = None
    """Parameters of the simulated world; None for a table."""
    raters: tuple[RaterResults, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What was found across raters."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the study chose. ``settings["lead"]`` may name the two groups to follow (sensitive,
    group, reference_group); ``settings["checks"]`` may hold machine-checkable predictions
    (`credit_ml.reports.verdict.Check` describes one)."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Seed, configuration digest, versions and, optionally, the command that ran it."""
    diagnostics: tuple[Diagnostic, ...] | None = None
    """Audit checks that fire, those that are muted too; None where none was made."""

    @property
    def simulated(self) -> bool:
        """Whether the people were made, so that the truth is known."""
        return self.world is not None or self.data.get("kind") == "simulated"

    def __repr__(self) -> str:
        raters = ", ".join(rater.name for rater in self.raters) or "no raters"
        findings = sum(1 for _ in self.all_findings())
        return f"StudyResults({self.id}: {self.title}; {raters}; {findings} findings)"

    def of_kind(self, kind: str) -> Iterator[tuple[RaterResults | None, Finding]]:
        """Yield every finding of one kind with its rater; None for those across raters."""
        for rater in self.raters:
            for finding in rater.of_kind(kind):
                yield rater, finding
        for finding in self.findings:
            if finding.kind == kind:
                yield None, finding

    def all_findings(self) -> Iterator[Finding]:
        """Yield every finding: rater by rater, then those across raters."""
        for rater in self.raters:
            yield from rater.findings
        yield from self.findings

    def to_json(self) -> str:
        """Write everything as canonical JSON: the same results give the same bytes."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        made = {name: [each.to_dict() for each in getattr(self, name)] for name in _MADE}
        if self.diagnostics is not None:
            made |= {"diagnostics": list(map(asdict, self.diagnostics))}
        return canonical_json(plain | made)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Rebuild what `to_json` wrote; every finding draws the same figure again."""
        stored = json.loads(text)
        told = stored.get("diagnostics")
        return cls(
            **{name: stored[name] for name in _PLAIN},
            diagnostics=None if told is None else tuple(Diagnostic(**each) for each in told),
            raters=tuple(RaterResults.from_dict(rater) for rater in stored["raters"]),
            findings=tuple(finding_from_dict(finding) for finding in stored["findings"]),
        )


#: What must be made into values that JSON can hold, and what is held in such.
_MADE = ("raters", "findings")
_PLAIN = tuple(
    each.name for each in fields(StudyResults) if each.name not in (*_MADE, "diagnostics")
)
