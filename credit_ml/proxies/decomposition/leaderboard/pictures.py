"""The picture that the leaderboard opens with: errors beside the harm that is to be measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Overview, TableView
from credit_ml.grammar.numbers import Amount, show
from credit_ml.grammar.rows import fact
from credit_ml.grammar.tables import cell
from credit_ml.proxies.decomposition.leaderboard.errors import NOTHING, PROXIES
from credit_ml.proxies.decomposition.leaderboard.facts import measured, samples
from credit_ml.proxies.decomposition.leaderboard.ranking import attributions, people, title, where
from credit_ml.proxies.decomposition.leaderboard.verdicts import CLOSE, ProxyError

HEADS = ("Method", "Error", "Behind the least", "Share of the harm", "Samples")


def pictures(results: StudyResults) -> Iterator[Overview]:
    """Yield the errors over friends and address, where there is harm to be measured."""
    _, finding = next(results.of_kind("leaderboard"))
    at = {"factors": PROXIES, "size": str(finding.parameters["people"][-1])}
    found = _errors(finding, at)
    truth = fact(finding, **where(measure="error", estimator=NOTHING, **at))
    if found and truth:
        size = show(people(finding, at["size"]))
        yield Overview(
            title=f"How far each method misses the harm through friends and address, {size} people",
            caption=(
                "Root mean square error over worlds, in hundredths of the score's standard "
                "deviation; lines are intervals. The line at the right is the harm itself, which "
                "saying nothing misses; the dotted one is a quarter of it, below which an estimate "
                "stands for the truth. A square was foretold to err least."
            ),
            plot=Misses(
                errors=found,
                truth=truth,
                foretold=title(finding, str(finding.parameters.get("foretold", ""))),
            ).plot,
            table=_table(finding, found, at),
            opening=True,
        )


def _errors(finding: Finding, at: dict[str, str]) -> tuple[tuple[str, str, ProxyError], ...]:
    named = [(name, measured(finding, name, **at)) for name in attributions(finding)]
    found = [(name, title(finding, name), each) for name, each in named if each is not None]
    return tuple(sorted(found, key=lambda each: float(each[2].error.estimate)))


@dataclass(frozen=True, kw_only=True)
class Misses:
    """Errors of methods, the least first, beside the size of what they measure."""

    errors: tuple[tuple[str, str, ProxyError], ...]
    truth: Amount
    foretold: str

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure."""
        axes = axes_or_new(axes, height=1.5 + 0.36 * len(self.errors))
        for place, (_, name, each) in enumerate(self.errors):
            error = each.error
            ends = [[error.estimate - error.low], [error.high - error.estimate]]
            shape = "s" if name == self.foretold else "o"
            axes.errorbar(
                error.estimate,
                -place,
                xerr=ends if error.ranged else None,
                fmt=shape,
                color=PALETTE[0],
                ms=7,
                elinewidth=1.4,
            )
        axes.axvline(self.truth.estimate, color=INK, lw=1.2)
        axes.axvline(CLOSE * self.truth.estimate, color=INK, lw=1.0, ls=":")
        axes.set_yticks(
            [-place for place in range(len(self.errors))], [n for _, n, _ in self.errors]
        )
        axes.set_ylim(-len(self.errors) + 0.4, 0.6)
        axes.set_xlim(left=0)
        axes.set_xlabel("error (hundredths of the score's SD)")
        axes.grid(axis="x")
        return axes


def _table(
    finding: Finding, found: tuple[tuple[str, str, ProxyError], ...], at: dict[str, str]
) -> TableView:
    rows = tuple(
        (
            name,
            cell(each.error),
            cell(fact(finding, **where(measure="behind_best", estimator=method, **at))),
            each.relative.percent(),
            show(samples(finding, estimator=method, **at)),
        )
        for method, name, each in found
    )
    caption = "Errors over friends and address, in hundredths of the score's standard deviation"
    return TableView(caption=caption, head=HEADS, bodies=(("", rows),))
