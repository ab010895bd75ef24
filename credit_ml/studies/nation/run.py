"""A nation's study run: mail, training, cities, and what they say together."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from credit_ml.core import (
    Finding,
    InputError,
    Instrument,
    RaterResults,
    StudyError,
    StudyResults,
    interruption,
)
from credit_ml.core.files import refuse_replacing, write_whole
from credit_ml.core.progress import Progress, shown_progress
from credit_ml.core.tables.summary import Summary, Totals
from credit_ml.society import COLUMNS, Society
from credit_ml.society.storage.archive import Archive
from credit_ml.society.storage.shards import write_mail
from credit_ml.society.storage.spread import spread
from credit_ml.studies.cells.finished import Finished
from credit_ml.studies.cells.work import make_missing
from credit_ml.studies.nation.city import SAMPLE, CityBlock, TrainingBlock, read_city, summary_in
from credit_ml.studies.nation.diagnosed import diagnosed
from credit_ml.studies.nation.over import named
from credit_ml.studies.nation.plan import FITTED, FittedRater, NationPlan, from_bytes, nation_of
from credit_ml.studies.run import checked_workers, settings_of
from credit_ml.studies.study import Study
from credit_ml.studies.threads import one_thread_each
from credit_ml.studies.tracking import tracked
from credit_ml.studies.written import command_of, under_question, writable, write_all

#: File that says whose cells a folder holds.
OWNER = "study.json"
#: Bytes on disk: of mail a citizen, and of what a city and a rater leave; rounded up from
#: benchmarks/results/nation.md.
MAIL_BYTES, CITY_BYTES = 12, 2_000_000
#: How often workers may be lost without a city made in between.
LOST = 3
#: Cities whose mail is one task, at most: a scheduler's work a city is that of few tasks.
TOGETHER = 8


def run_nation(
    study: Any,
    *,
    folder: str | Path | None = None,
    workers: int | None = None,
    client: Any = None,
    track: bool = True,
    progress: bool = True,
    output: str | Path | None = None,
    overwrite: bool = False,
) -> StudyResults:
    """Run a study city by city, whatever its size, and write its report.

    Every city is simulated, seen and scored by every rater, summed up and forgotten. What adds up
    (decisions by group and district, moments of scores, histograms) is exactly, or within a bound
    that is said, what `run_study` finds of everybody; other instruments are asked of a sample, and
    those that need everybody's ties at once are left out and named. Raters are trained on people of
    the first cities. A finished city is a cell on disk: a run that lost a worker or was stopped
    goes on with the cities that are missing, and its findings depend on neither workers nor
    cluster.

    Cost: linear in citizens; see ``benchmarks/results/nation.md``. Memory: one city a worker.

    Parameters
    ----------
    study : Study
        Of one society; its table ``nation`` says how many people are drawn.
    folder : str or Path, optional
        Where cells are kept; ``data/generated/nation/ID`` by default.
    workers, client, track, progress, output, overwrite
        As in `run_study`.

    Raises
    ------
    StudyError
        When the study is of another kind, the folder is another study's, the disk is too small, or
        a scorer cannot be sent to workers.
    CellError
        When a city failed; all others are kept.

    Examples
    --------
    >>> run_nation("wechat.toml")
    Traceback (most recent call last):
    credit_ml.core.errors.StudyError: study: is str; give a study of one society, as load_study \
makes it
    """
    _refuse_other_kinds(study)
    target = writable(Path(output) if output is not None else study.report_path)
    jobs = checked_workers(workers)
    refuse_what_needs_everybody(study)
    plan = _claimed(study, Path(folder or default_folder(study)))
    refuse_small_disk(plan)
    how = Workers(workers=jobs, client=client)
    steps = 3 * plan.cities + len(plan.training)
    parameters = study.model_dump(mode="json")
    finished = _finished(plan, target, [parameters, study.source])
    if (found := finished.results(track=track)) is not None:
        return found
    refuse_replacing(target, target.with_suffix(".json"), overwrite=overwrite or output is None)
    asked: dict[str, Any] = {"digest": study.digest(), "question": study.study.question}
    with (
        shown_progress(steps, enabled=progress) as bar,
        tracked(study.study.id, parameters, **asked, enabled=track) as record,
    ):
        make_cities(plan, how, bar)
        results = _results(plan, how, bar)
        record.keep(results, write_all(results, target))
    finished.note(record.kept)
    return results


def _finished(plan: NationPlan, target: Path, told: list[Any]) -> Finished:
    cities = [CityBlock(nation=plan, number=number).name for number in range(plan.cities)]
    return Finished.of(plan.cells, [FITTED, *cities], target, told)


def _refuse_other_kinds(study: Any) -> None:
    kind, remedy = type(study).__name__, "give a study of one society, as load_study makes it"
    StudyError.unless(isinstance(study, Study), "study", f"is {kind}", remedy)


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Who works."""

    workers: int = 1
    client: Any = None

    @property
    def many(self) -> int:
        """How many there are, at least one."""
        if self.client is None:
            return self.workers
        return max(1, sum(int(each) for each in self.client.nthreads().values()))


def _claimed(study: Study, folder: Path) -> NationPlan:
    """Make a folder the study's, or return to one that is."""
    plan, owner = nation_of(study, folder), folder / OWNER
    plan.cells.writable()
    if owner.exists():
        try:
            held = str(json.loads(owner.read_text("utf-8"))["study"])
        except (OSError, ValueError, KeyError, TypeError):
            held = "?"
        problem = f"holds the cells of the study '{held}'"
        StudyError.unless(held == study.study.id, str(folder), problem, "name another folder")
        return plan
    there = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    problem = f"already holds '{min(there, default='')}'"
    StudyError.unless(not there, str(folder), problem, "name a new or an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(json.dumps({"study": study.study.id}) + "\n", owner)
    return plan


def refuse_what_needs_everybody(study: Study) -> None:
    """Refuse instruments that a study asks for by a table of their own and a nation cannot answer.

    Others that are asked of every study, and that a nation cannot answer, are left out and named.

    Raises
    ------
    StudyError
        Which table it is.
    """
    for each in study.asked():
        alone = each.merging is None and each.sampled is None and study.option(each) is not None
        problem = "needs everybody's ties at once, and a nation's people never lie together"
        remedy = f"leave out the table [{each.table}], or the table [nation] and use credit-ml run"
        StudyError.unless(not alone, f"nation, {each.id}", problem, remedy)


def refuse_small_disk(plan: NationPlan) -> None:
    """Refuse before any work what the disk cannot hold.

    Raises
    ------
    StudyError
        With the need and what is free.
    """
    missing, needed = bytes_needed(plan)
    place = next(each for each in plan.cells.folder.parents if each.exists())
    free = shutil.disk_usage(place).free
    problem = f"has {free / 1e9:.1f} GB free, and {missing:,} cities need {needed / 1e9:.1f} GB"
    remedy = "make room, or name another folder with --folder"
    StudyError.unless(needed <= free, str(plan.cells.folder.parent), problem, remedy)


def bytes_needed(plan: NationPlan) -> tuple[int, int]:
    """Cities that are missing, and the room on disk that they take until they are summed up."""
    missing = len(missing_cities(plan))
    mail = MAIL_BYTES * plan.world.citizens if plan.cities > 1 and missing else 0
    return missing, mail + CITY_BYTES * missing * len(plan.study.agencies())


def planned_nation(study: Study, folder: Path | None = None) -> str:
    """Say what a run would make, how it answers, and the room that it needs."""
    _refuse_other_kinds(study)
    refuse_what_needs_everybody(study)
    plan = nation_of(study, folder or default_folder(study))
    missing, needed = bytes_needed(plan)
    how = {each.id: "added up" if each.merging else "of a sample" for each in plan.asked()}
    told = [f"{name} ({each})" for name, each in how.items()]
    told += [f"{name} (left out: needs everybody at once)" for name in plan.left_out()]
    return (
        f"would ask {', '.join(told)}\n"
        f"{plan.cities - missing:,} of {plan.cities:,} cities are kept, the others take "
        f"{needed / 1e9:.1f} GB in {plan.cells.folder}"
    )


def default_folder(study: Study) -> Path:
    """Where a nation's cells lie unless a run says otherwise."""
    return Path("data") / "generated" / "nation" / study.study.id


def missing_cities(plan: NationPlan) -> list[CityBlock]:
    """Cities whose cells are not there."""
    blocks = [CityBlock(nation=plan, number=number) for number in range(plan.cities)]
    return [block for block in blocks if not plan.cells.has(block.name)]


def make_cities(plan: NationPlan, how: Workers, bar: Progress) -> None:
    """Make every city's cell that is missing: mail, raters, then the cities.

    Workers that are lost cost the city that they were at; the run goes on with what is missing.
    """
    if missing_cities(plan):
        if plan.cities > 1:
            bar.start("mail")
            archive = Archive.claim(plan.world, _made(plan.archive.folder))
            _until_done(
                lambda: [n for n in range(plan.cities) if not archive.mail(n).exists()],
                lambda numbers: _write_mail(archive, numbers, how, bar),
            )
        _fit(plan, how, bar)
        bar.start("cities")
        _until_done(lambda: missing_cities(plan), partial(_make, plan, how, bar))
    shutil.rmtree(plan.archive.folder, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_mail(archive: Archive, numbers: list[int], how: Workers, bar: Progress) -> None:
    """Write mail, several cities a task: a city's takes less than a second."""
    each = max(1, min(TOGETHER, len(numbers) // (4 * how.many)))
    tasks = [numbers[start : start + each] for start in range(0, len(numbers), each)]
    for _ in spread(partial(_mail_of, archive), tasks, workers=how.workers, client=how.client):
        interruption.check()
        bar.done()


def _mail_of(archive: Archive, numbers: list[int]) -> None:
    for number in numbers:
        write_mail(archive, number)


def _fit(plan: NationPlan, how: Workers, bar: Progress) -> None:
    """Train raters, unless they are kept."""
    import pickle

    if plan.cells.has(FITTED):
        return
    bar.start("training")
    blocks = [TrainingBlock(nation=plan, number=number) for number in plan.training]
    _until_done(
        lambda: [each for each in blocks if not plan.cells.has(each.name)],
        partial(_make, plan, how, bar),
    )
    fitted: dict[int, bytes] = {}
    places = range(len(plan.study.agencies()))
    work = partial(_fitted, plan)
    try:
        _until_done(
            lambda: [place for place in places if place not in fitted],
            lambda left: fitted.update(spread(work, left, workers=how.workers, client=how.client)),
        )
    except InputError as error:
        raise error.within(str(plan.study.source or plan.study.study.id)) from error
    plan.cells.keep(FITTED, pickle.dumps([pickle.loads(fitted[place]) for place in places]))


def _fitted(plan: NationPlan, place: int) -> tuple[int, bytes]:
    """Train one rater on the people of the first cities, wherever that is done."""
    names = [TrainingBlock(nation=plan, number=number).name for number in plan.training]
    people = from_bytes(plan.world, [plan.cells.needed(name) for name in names])
    with one_thread_each():
        return place, plan.fit(people, place)


def _make(plan: NationPlan, how: Workers, bar: Progress, blocks: Sequence[Any]) -> None:
    make_missing(plan.cells, blocks, workers=how.workers, client=how.client, bar=bar)


def _until_done(
    missing: Callable[[], list[Any]], make: Callable[[list[Any]], None], lost: int = 0
) -> None:
    """Make what is missing, again where a worker was killed and has taken others with it."""
    while left := missing():
        try:
            make(left)
        except BrokenProcessPool:
            lost = lost + 1 if len(missing()) == len(left) else 0
            if lost >= LOST:
                raise


def _results(plan: NationPlan, how: Workers, bar: Progress) -> StudyResults:
    """Put together what all cities say, and what a sample of their people does."""
    bar.start("all together")
    fitted, asked = plan.fitted(), list(plan.asked())
    totals, people, made_of = _together(plan, fitted, [e for e in asked if e.merging is not None])
    interruption.check()
    work = partial(_measured, plan, people)
    told = list(enumerate(zip(fitted, totals, strict=True)))
    found: dict[int, RaterResults] = {}
    _until_done(
        lambda: [each for each in told if each[0] not in found],
        lambda left: found.update(spread(work, left, workers=how.workers)),
    )
    raters = [found[place] for place in range(len(fitted))]
    across = tuple(_across(plan, fitted, people, raters, asked))
    counts = next(each for rater in raters for each in rater.of_kind("audit")).overall
    study = plan.study
    return under_question(
        study.study.model_dump(),
        configuration=study.digest(),
        command=command_of(study.source, study.study.id, command="nation"),
        data={
            "name": Path(study.world.name).stem,
            "kind": "simulated",
            "people": plan.world.citizens,
            "features": len(COLUMNS),
            "outcome_rate": float(counts["base_rate"]),
            "cities": plan.cities,
            "trained on": _trained_on(plan),
            "sample": len(people),
            "digest": made_of,
        },
        world=plan.world.to_dict(),
        raters=tuple(raters),
        findings=across,
        settings=settings_of(study) | _how(plan),
        diagnostics=diagnosed(plan, people, fitted, raters),
    )


def _how(plan: NationPlan) -> dict[str, object]:
    """How each instrument answers, and which do not."""
    asked = list(plan.asked())
    merging = {each.id: each.merging.error for each in asked if each.merging is not None}
    sampled = [each.id for each in asked if each.merging is None]
    return {"added_up": merging, "of_a_sample": sampled, "left_out": plan.left_out()}


def _trained_on(plan: NationPlan) -> int:
    many = plan.option.training
    return sum(len(plan.drawn(n, many, plan.training, "training")) for n in plan.training)


def _together(
    plan: NationPlan, fitted: Sequence[FittedRater], merging: Sequence[Instrument]
) -> tuple[list[dict[str, Summary]], Society, str]:
    """Add up all cities in their order; return sums by rater, the sample, and a digest of both."""
    samples: list[bytes] = []
    content = hashlib.sha256()
    whole = {(place, each.id): Totals() for place in range(len(fitted)) for each in merging}
    for number in range(plan.cities):
        interruption.check()
        held = plan.cells.needed(CityBlock(nation=plan, number=number).name)
        content.update(hashlib.sha256(held).digest())
        arrays = read_city(held)
        if len(arrays[SAMPLE]):
            samples.append(arrays[SAMPLE].tobytes())
        for (place, name), totals in whole.items():
            totals.add(summary_in(arrays, place, name))
    by_rater = [
        {each.id: whole[place, each.id].summary() for each in merging}
        for place in range(len(fitted))
    ]
    return by_rater, from_bytes(plan.world, samples), content.hexdigest()


def _measured(
    plan: NationPlan, people: Society, told: tuple[int, tuple[FittedRater, dict[str, Summary]]]
) -> tuple[int, RaterResults]:
    """Everything that is found of one rater."""
    place, (fitted, totals) = told
    asked = [each for each in plan.asked() if each.stage == "rater"]
    found: list[Finding] = []
    most: dict[str, str] = {}
    with one_thread_each():
        for each, seen in zip(asked, plan.contexts(asked, fitted, people), strict=True):
            references = {**most, **seen.reference_groups}
            context = replace(seen, findings=tuple(found), reference_groups=references)
            if each.merging is not None:
                made = each.merging.findings(context, totals[each.id])
                itself = each.merging.names_over
                found += made if itself else (named(one, plan.cities) for one in made)
            elif each.sampled is not None:
                made = (named(one, plan.cities) for one in each.sampled(context))
                found += [_said(one, plan, people) for one in made]
            if each.id == "audit":  # the most numerous group is that of everybody
                most = _references(found[-1])
    rater = fitted.rater
    return place, RaterResults(
        id=f"{rater.agency.id}-{rater.kind}",
        name=rater.name,
        agency=rater.agency.model_dump(mode="json"),
        scorer_kind=rater.kind,
        findings=tuple(found),
    )


def _said(finding: Finding, plan: NationPlan, people: Society) -> Finding:
    """Say of whom a finding is, whose intervals count that they were drawn too."""
    drawn = (
        f"Of {len(people):,} of {plan.world.citizens:,} citizens, each as likely to be drawn; "
        "intervals count who was."
    )
    return replace(finding, notes=(*finding.notes, drawn))


def _references(audit: Finding) -> dict[str, str]:
    rows = audit.table[audit.table["quantity"] == "difference"]
    pairs = dict(zip(rows["sensitive"], rows["reference_group"], strict=True))
    return {str(name): str(group) for name, group in pairs.items() if " x " not in str(name)}


def _across(
    plan: NationPlan,
    fitted: Sequence[FittedRater],
    people: Society,
    raters: Sequence[RaterResults],
    asked: Sequence[Instrument],
) -> Iterator[Finding]:
    made = tuple(finding for rater in raters for finding in rater.findings)
    for each in asked:
        if each.stage == "across" and each.sampled is not None:
            context = plan.context(each, fitted[0], people)
            own = tuple(one.rater for one in fitted)
            yield from each.sampled(replace(context, raters=own, findings=made))
