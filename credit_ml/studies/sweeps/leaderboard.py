"""A leaderboard study: many audits of raters whose truth is known, kept cell by cell."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError

from credit_ml.agencies import Agency
from credit_ml.agencies.problems import readable
from credit_ml.core import StudyError, refuse_unknown
from credit_ml.core.provenance import digest
from credit_ml.proxies import Leaderboard, estimator, leaderboard
from credit_ml.reports import StudyResults
from credit_ml.scoring import Output
from credit_ml.society import SENSITIVE, load_world
from credit_ml.studies.sweeps.leaderboard_cells import LeaderboardBlock, run_block, stored
from credit_ml.studies.sweeps.resumable import Resumed, agencies_of, read_toml, run_resumable
from credit_ml.studies.tables import CheckTable, Header, RaterTable, ReportTable, StudyTable

#: Where cells are kept when no folder is given.
KEPT = Path("data") / "generated" / "leaderboard"


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
    source: bool = True
    """Whether the source truth is measured too, which costs a society a set of mechanisms."""
    source_citizens: int = Field(default=8_000, ge=500)
    source_people: int = Field(default=2_000, ge=100)
    permutations: int = Field(default=8, ge=2)


class LeaderboardStudy(StudyTable):
    """Everything that a leaderboard depends on; how many workers is not among it.

    Examples
    --------
    >>> head = {"id": "one", "title": "One", "question": "Is there a gap?", "prediction": "Yes.",
    ...         "refutation": "No.", "seed": 1}
    >>> study = LeaderboardStudy.from_dict({
    ...     "study": head, "worlds": ["baseline"], "raters": [{"agency": "sesame"}],
    ...     "sensitive": ["hukou"], "sizes": [{"people": 500, "samples": 2}],
    ...     "estimators": ["leave_out"], "report": {"path": "one.html"}})
    >>> len(list(study.blocks()))
    1
    """

    study: Header
    worlds: tuple[str, ...] = Field(min_length=1)
    raters: tuple[RaterTable, ...] = Field(min_length=1)
    sensitive: tuple[str, ...] = Field(min_length=1)
    reference_groups: dict[str, str] = Field(default_factory=dict)
    sizes: tuple[SizePart, ...] = Field(min_length=1)
    estimators: tuple[str, ...] = Field(min_length=1)
    options: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Options of estimators by id, such as the stratum of "within_stratum"."""
    output: Output = "log_odds"
    truth: TruthPart = TruthPart()
    intervals: float = Field(default=0.95, gt=0, lt=1)
    checks: tuple[CheckTable, ...] = ()
    report: ReportTable

    @classmethod
    def from_dict(cls, given: dict[str, Any], *, place: str = "leaderboard") -> Self:
        """Make a study from nested plain values.

        Raises
        ------
        StudyError, WorldError, AgencyError
            With one line that names the key, the value and the remedy.
        """
        try:
            made = cls.model_validate(given)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=StudyError) from None
        for world in made.worlds:
            load_world(world)
        made.agencies()
        for name in made.estimators:
            estimator(name, **made.options.get(name, {}))
        for size in made.sizes:
            for name in size.skip:
                if name not in made.estimators:
                    refuse_unknown(StudyError, f"{place}: skip", name, made.estimators)
        for feature in made.sensitive:
            if feature not in SENSITIVE:
                refuse_unknown(StudyError, f"{place}: sensitive", feature, SENSITIVE)
        return made

    def agencies(self) -> list[Agency]:
        """Return one agency for each rater to fit, or raise AgencyError."""
        return agencies_of(self.raters)

    def blocks(self) -> Iterator[LeaderboardBlock]:
        """Yield what one worker does at a time: one rater in one world."""
        common: dict[str, Any] = {
            "sensitive": self.sensitive,
            "reference_groups": self.reference_groups,
            "sizes": tuple((size.people, size.samples) for size in self.sizes),
            "estimators": {
                size.people: tuple(each for each in self.estimators if each not in size.skip)
                for size in self.sizes
            },
            "options": self.options,
            "output": self.output,
            "seed": self.study.seed,
            "intervals": self.intervals,
            **self.truth.model_dump(),
        }
        for world, agency in itertools.product(self.worlds, self.agencies()):
            yield LeaderboardBlock(world=world, agency=agency, **common)

    def digest(self) -> str:
        """SHA-256 of everything that the cells depend on."""
        told = self.model_dump(mode="json", exclude={"checks", "report", "study"})
        worlds = [load_world(world).to_dict() for world in self.worlds]
        agencies = [agency.model_dump(mode="json") for agency in self.agencies()]
        return digest([told, self.study.seed, worlds, agencies])


def load_leaderboard(path: str | Path) -> LeaderboardStudy:
    """Read and check a leaderboard study's file; nothing is run.

    Raises
    ------
    StudyError, WorldError, AgencyError
        When the file, a key or a value cannot be used.

    Examples
    --------
    >>> load_leaderboard("absent.toml")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: absent.toml: cannot be read; give the path of a study file
    """
    return LeaderboardStudy.from_dict(read_toml(path), place=str(path))


def run_leaderboard(
    source: LeaderboardStudy | str | Path,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    track: bool = True,
    progress: bool = True,
) -> StudyResults:
    """Audit every cell that is not kept yet, rank the estimators, and write the report.

    Each cell (a world, a rater, a size, a sample) is a file, complete or absent, in a folder
    named by the configuration: a run that was stopped goes on where it was, and a changed
    study starts anew. Cells do not depend on the number of workers.

    Cost: a society and every estimator a cell; the truth of each world and rater.

    Parameters
    ----------
    source : LeaderboardStudy or path
        What to run.
    folder : path, optional
        Where cells are kept; ``data/generated/leaderboard`` by default.
    workers : int, optional
        Processes; one a processor by default.
    track, progress : bool
        Whether mlflow keeps a record; whether a bar is shown.

    Raises
    ------
    StudyError, WorldError, AgencyError
        When the study cannot be used; nothing was tracked or written.

    Examples
    --------
    >>> run_leaderboard("absent.toml")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: absent.toml: cannot be read; give the path of a study file
    """
    study = source if isinstance(source, LeaderboardStudy) else load_leaderboard(source)
    asked = {"study", "report", "checks", "worlds", "estimators"}
    work = Resumed(
        blocks=list(study.blocks()),
        run=run_block,
        finding=lambda folder: ranked(study, folder),
        kept=Path(folder or KEPT),
        noun="worlds and raters",
        data={"worlds": "worlds", "audited samples": "samples"},
        command="credit-ml leaderboard",
        settings=study.model_dump(mode="json", exclude=asked),
    )
    return run_resumable(study, work, workers=workers, track=track, progress=progress)


def ranked(study: LeaderboardStudy, kept: Path) -> Leaderboard:
    """Return the leaderboard of the cells in a folder."""
    estimates, truths = stored(kept)
    made = {name: estimator(name) for name in study.estimators}
    titles, kinds = (
        {name: getattr(each, what) for name, each in made.items()} for what in ("title", "kind")
    )
    return leaderboard(estimates, truths, titles=titles, kinds=kinds, intervals=study.intervals)
