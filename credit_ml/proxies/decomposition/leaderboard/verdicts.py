"""What an error is called beside the truth, and what became of what was foretold."""

from dataclasses import dataclass

from credit_ml.grammar.numbers import Amount

#: Share of the truth's size below which an error lets an estimate stand for it.
CLOSE, ROUGH = 0.25, 0.5
#: How each verdict is said of harm.
CAN = {
    "Yes": "can be measured",
    "Partly": "can be measured roughly",
    "No": "can hardly be measured",
    "Not decided": "may be measured roughly, or hardly: the interval does not decide",
}


@dataclass(frozen=True)
class ProxyError:
    """How well one estimator measures the harm through friends and address, in one place."""

    error: Amount
    truth: Amount
    relative: Amount
    """Error as a share of the truth."""

    @property
    def verdict(self) -> str:
        """Yes, partly, no or not decided: what the whole interval bears out."""
        if self.relative.side(CLOSE) == "below":
            return "Yes"
        sides = {"below": "Partly", "above": "No", "unclear": "Not decided"}
        return sides[self.relative.side(ROUGH)]

    @property
    def can(self) -> str:
        """The verdict as a clause."""
        return CAN[self.verdict]


@dataclass(frozen=True)
class Foretold:
    """What became of the estimator that was expected to err least."""

    title: str
    place: int
    """Among attributions, by their errors."""
    of: int
    behind: Amount
    """Its error less that of the attribution with the least, in the same samples."""
    unsure: tuple[str, ...] = ()
    """Raters at which that it errs more is not sure, where over all it is."""

    @property
    def said(self) -> str:
        """How it stands to the one with the least error, as a clause."""
        if not self.behind.estimate:
            return "errs least"
        above = self.behind.side() == "above"
        return "errs more" if above else "cannot be told apart from it"
