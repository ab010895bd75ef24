"""A leaderboard study: many audits of raters whose truth is known, kept cell by cell."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from pydantic import Field

from credit_ml.core import StudyError, need_known
from credit_ml.proxies import Leaderboard, estimator, leaderboard
from credit_ml.scoring import Output
from credit_ml.society import SENSITIVE
from credit_ml.studies.sweeps.leaderboard_cells import TRUTH, LeaderboardBlock
from credit_ml.studies.sweeps.resumable import ResumableStudy
from credit_ml.studies.tables import StudyTable


class SizePart(StudyTable):
    """How many samples of one size are audited."""

    people: int = Field(ge=100)
    samples: int = Field(ge=2)
    skip: tuple[str, ...] = ()
    """Estimators that are too dear at this size."""


class TruthPart(StudyTable):
    """On how many citizens raters are trained and the truth is measured."""

    training: int = Field(default=20_000, ge=200)
    citizens: int = Field(default=50_000, ge=500)
    """In all societies of one size together, each as large as the samples."""
    fewest: int = Field(default=20, ge=2)
    """Societies at least, where that many citizens are in fewer."""
    source: bool = True
    """Whether the source truth is measured too, which costs a society a set of mechanisms."""
    source_citizens: int = Field(default=8_000, ge=500)
    source_people: int = Field(default=2_000, ge=100)
    permutations: int = Field(default=8, ge=2)

    def societies(self, size: SizePart) -> int:
        """How many societies the truth of one size is the mean of."""
        return max(self.fewest, -(-self.citizens // size.people))


class LeaderboardStudy(ResumableStudy):
    """Everything that a leaderboard depends on; how many workers is not among it.

    Its cells are a world, a rater, a size and a sample each, and the truth of each world and rater.
    Cost: a society and every estimator a cell.

    Examples
    --------
    >>> head = {"id": "one", "title": "One", "question": "Is there a gap?", "prediction": "Yes.",
    ...         "refutation": "No.", "seed": 1}
    >>> study = LeaderboardStudy.from_dict({
    ...     "study": head, "worlds": ["baseline"], "raters": [{"agency": "sesame"}],
    ...     "sensitive": ["hukou"], "sizes": [{"people": 500, "samples": 2}],
    ...     "estimators": ["leave_out"], "report": {"path": "one.html"}})
    >>> len(list(study.blocks()))
    2
    """

    command = "leaderboard"
    found = Leaderboard
    noun = "worlds and raters"
    counted = (("worlds", "worlds"), ("audited samples", "samples"))
    code = ("studies.sweeps.leaderboard", "studies.sweeps.leaderboard_cells")
    apart = ("checks", "report", "study", "held_out", "foretold")
    unsaid = ("study", "report", "worlds", "estimators")

    sensitive: tuple[str, ...] = Field(min_length=1)
    reference_groups: dict[str, str] = Field(default_factory=dict)
    sizes: tuple[SizePart, ...] = Field(min_length=1)
    estimators: tuple[str, ...] = Field(min_length=1)
    options: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Options of estimators by id, such as the stratum of "within_stratum"."""
    output: Output = "log_odds"
    truth: TruthPart = TruthPart()
    held_out: tuple[str, ...] = ()
    """Worlds that no choice of an estimator looks at: what was chosen is tried there."""
    foretold: str = ""
    """Estimator that was expected to err least: the page says what became of it."""

    def _check(self, place: str) -> None:
        self.agencies()
        for name in self.estimators:
            estimator(name, **self.options.get(name, {}))
        for size in self.sizes:
            for name in size.skip:
                need_known(StudyError, f"{place}: skip", name, self.estimators)
        if self.foretold:
            need_known(StudyError, f"{place}: foretold", self.foretold, self.estimators)
        for world in self.held_out:
            need_known(StudyError, f"{place}: held_out", world, self.worlds)
        for feature in self.sensitive:
            need_known(StudyError, f"{place}: sensitive", feature, SENSITIVE)

    def blocks(self) -> Iterator[LeaderboardBlock]:
        """Yield what one worker does at a time: one rater in one world, a sample of each size."""
        numbers = range(self.most_samples)
        for number, world, agency in itertools.product(numbers, self.worlds, self.agencies()):
            yield LeaderboardBlock(study=self, world=world, agency=agency, number=number)

    @property
    def most_samples(self) -> int:
        """Most samples of any size."""
        return max(size.samples for size in self.sizes)

    def _depends_on(self) -> list[Any]:
        asked, *rest = super()._depends_on()
        sizes = [{k: v for k, v in each.items() if k != "samples"} for each in asked["sizes"]]
        return [asked | {"sizes": sizes}, *rest]

    def finding(self, tables: Mapping[str, pd.DataFrame]) -> Leaderboard:
        """Return the leaderboard of all cells."""
        estimates, truths = (
            pd.concat(
                [table for name, table in tables.items() if name.endswith(TRUTH) is true],
                ignore_index=True,
            )
            for true in (False, True)
        )
        made = {name: estimator(name) for name in self.estimators}
        titles = {name: each.title for name, each in made.items()}
        kinds = {name: each.kind for name, each in made.items()}
        how: dict[str, Any] = {"held_out": self.held_out, "intervals": self.intervals}
        how["foretold"] = self.foretold
        return leaderboard(estimates, truths, titles=titles, kinds=kinds, **how)
