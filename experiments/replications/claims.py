"""A published number beside ours, and the table that shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One number of a paper, and what our instrument makes of the same data."""

    source: str
    """Paper, and the table or page where it has one."""
    claim: str
    published: float
    ours: float
    tolerance: float
    """Fixed before our number was seen: half a unit of the last printed digit, or as stated."""

    @property
    def met(self) -> bool:
        """Whether our number is within the tolerance (and a hair for binary fractions)."""
        return abs(self.ours - self.published) <= self.tolerance + 1e-12


def digits(value: float) -> str:
    """Return a number as a table shows it."""
    return f"{value:.5g}"


def row(claim: Claim) -> str:
    """Return a claim's line of the table."""
    numbers = (digits(value) for value in (claim.published, claim.ours, claim.tolerance))
    verdict = "pass" if claim.met else "miss"
    return f"| {claim.source} | {claim.claim} | {' | '.join(numbers)} | {verdict} |"


def write(
    name: str,
    title: str,
    claims: Sequence[Claim],
    notes: Iterable[str] = (),
    *,
    what: str = "published numbers",
) -> Path:
    """Write claims as a Markdown table, counts first."""
    met = sum(claim.met for claim in claims)
    lines = [
        f"# {title}",
        "",
        f"{met} of {len(claims)} {what} met.",
        "",
        "| paper | claim | published | ours | tolerance | verdict |",
        "| --- | --- | ---: | ---: | ---: | --- |",
        *map(row, claims),
        "",
        *(f"- {note}" for note in notes),
    ]
    path = HERE / name
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return path
