"""Cells of a sweep of disclosure: one rater in one society, under every regime and answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pydantic import Field

from credit_ml.agencies import Agency, Rater
from credit_ml.core import Dataset, MenuError, Streams, need_known
from credit_ml.disclosure import Disclosed, Regime, Responding
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sweep.cell import brief_table, cell_table
from credit_ml.response import Menu, ResponseOptions, gaming_kinds, load_menu
from credit_ml.society import Society
from credit_ml.strategic import Retraining, drop_manipulable, repeated_refitting
from credit_ml.studies.cells.work import as_parquet, file_name
from credit_ml.studies.tables import StudyTable

if TYPE_CHECKING:
    from credit_ml.studies.sweeps.disclosure import SweepStudy

#: Streams that a rater goes without, by what it then does not see.
WITHOUT: dict[str, tuple[str, ...]] = {
    "all": (),
    "no friends": ("contacts", "family"),
    "no address": ("address", "phone"),
    "neither": ("contacts", "family", "address", "phone"),
}


class VariantPart(StudyTable):
    """One assumption changed, to see what the answer hangs on."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_ ]*$")
    about: str = "assumption"
    """What kind of assumption it is: menu, worths, thresholds, guesses or choices."""
    menu: str | None = None
    """Another menu."""
    kinds: tuple[str, ...] = ()
    """Kinds of action that the menu keeps; all when empty."""
    drop: tuple[str, ...] = ()
    """Actions that it loses."""
    reverse: bool = False
    """Put its actions in the other order, so that ties go to the last."""
    bundle: int | None = Field(default=None, ge=1)
    """Actions done together at most; as the study says when it is left out."""
    cost_multiplier: float = Field(default=1.0, gt=0)
    worth_multiplier: float = Field(default=1.0, gt=0)
    """Of what is granted. People choose alike when costs are divided by as much."""
    same_income: bool = False
    """Prices weigh alike on everybody, as on those with the median income."""
    threshold_shift: float = 0.0
    """Points by which all thresholds are higher."""
    margin: float = Field(default=0.0, ge=0)
    prior_scale: float = Field(default=1.0, ge=0)
    """How large the equal weights are on which people guess."""
    temperature: float = Field(default=0.0, ge=0)
    """Noise of choices, share of a year's income."""
    opaque: tuple[str, ...] = ()
    """What opacity may mean here; the first of the study's meanings when empty."""
    worlds: tuple[str, ...] = ()
    """Where it is tried, at the first rater, naive; in all worlds when empty."""

    def options(self, study: "SweepStudy", rater: Any, dataset: Dataset) -> ResponseOptions:
        """Return what people can do, at a rater."""
        income = np.asarray(dataset.context["income"], dtype=np.float64)
        aims = [
            replace(
                aim,
                threshold=aim.threshold + self.threshold_shift,
                value=aim.value * self.worth_multiplier,
            )
            for aim in ResponseOptions().aims(rater)
        ]
        return ResponseOptions(
            menu=self.changed_menu(study.menu),
            bundle=self.bundle or study.bundle,
            privileges=[aim for aim in aims if not aim.imposed],
            penalties=[aim for aim in aims if aim.imposed],
            margin=self.margin,
            temperature=self.temperature,
            income=np.full(len(dataset), np.median(income)) if self.same_income else None,
            cost_multiplier=np.full(len(dataset), self.cost_multiplier),
        )

    def changed_menu(self, name: str) -> Menu:
        """Return the menu that is left of another.

        Raises
        ------
        MenuError
            When the menu lacks an action that is dropped, or nothing is left.
        """
        menu = load_menu(self.menu or name)
        known = [action.id for action in menu.actions]
        for action in self.drop:
            need_known(MenuError, f"variant '{self.id}', drop", action, known)
        kept = [
            action
            for action in menu.actions
            if action.id not in self.drop and (not self.kinds or action.kind in self.kinds)
        ]
        MenuError.unless(kept, f"variant '{self.id}'", "leaves no action", "drop fewer")
        return menu.model_copy(update={"actions": tuple(kept[::-1] if self.reverse else kept)})

    def regimes(self, names: Sequence[str]) -> list[Regime]:
        """Return regimes by name, under which people guess as large as is said."""
        found = checked_regimes(names)
        if self.prior_scale == 1:
            return found
        return [
            replace(each, prior_scale=self.prior_scale) if isinstance(each, Disclosed) else each
            for each in found
        ]


DEFAULT = VariantPart(id="default")


@dataclass(frozen=True, kw_only=True)
class SweepBlock:
    """What one worker does at a time: one kind of rater in one society."""

    study: "SweepStudy"
    world: str
    number: int
    """Of the society, from 0."""
    agency: Agency
    sees: str

    @property
    def seed(self) -> int:
        """Of everything that is drawn."""
        return self.study.study.seed

    @property
    def leads(self) -> bool:
        """Whether its rater is the first and sees most, and so is refitted and varied too."""
        return self.sees == self.study.sees[0] and self.agency == self.study.agencies()[0]

    def tried(self, worlds: tuple[str, ...]) -> bool:
        """Whether something is tried here that is tried in some worlds, or in all."""
        return not worlds or self.world in worlds

    @property
    def menu(self) -> Menu:
        """What the study's people can do."""
        return load_menu(self.study.menu)

    @property
    def labels(self) -> dict[str, Any]:
        """Columns of all of its rows; two agencies with one kind of scorer are told apart."""
        kinds = [each.scorer.kind for each in self.study.agencies()]
        kind = self.agency.scorer.kind
        alone = kinds.count(kind) == 1
        return {
            "world": self.world,
            "seed": self.number,
            "scorer": kind if alone else f"{self.agency.id} ({kind})",
            "sees": self.sees,
        }

    @property
    def alike(self) -> tuple[object, ...]:
        """What blocks have in common that take about as long."""
        tried = [self.tried(each.worlds) for each in self.study.variants]
        return (
            self.agency.scorer.kind,
            self.sees,
            self.leads,
            self.tried(self.study.refit_worlds),
            sum(tried),
        )

    def cells(self) -> dict[str, Callable[[], bytes]]:
        """Name of its one table, with what makes it."""
        rater = (self.agency.id, self.agency.scorer.kind)
        name = f"{file_name(self.world, *rater, self.sees)}-{self.number}.parquet"
        return {name: lambda: as_parquet(pd.concat(list(_tables(self)), ignore_index=True))}

    def society(self, purpose: str) -> Society:
        """Make the society that a rater is trained in, or another that it is measured in."""
        seed = Streams(self.seed).seed_for(f"disclosure.{purpose}", self.number)
        world = self.study.load_world(self.world, citizens=self.study.citizens, seed=seed)
        return world.simulate()

    def narrowed(self) -> Agency:
        """Return the agency without the streams that it shall not see."""
        left = tuple(each for each in self.agency.streams if each not in WITHOUT[self.sees])
        joined = tuple(each for each in self.agency.joined if each in left)
        return self.agency.model_copy(update={"streams": left, "joined": joined})


def _tables(block: SweepBlock) -> Iterator[pd.DataFrame]:
    study = block.study
    train, test = block.society("training"), block.society("measured")
    plain = block.narrowed().fit(train, seed=block.seed)
    widest = block.sees == study.sees[0]
    refits = study.refits if block.leads and block.tried(study.refit_worlds) else 0
    for answer in study.answers if widest else ("naive",):
        naive = answer == "naive"
        rater = plain if naive else _robust(plain, train, block)
        case = _case(block, rater, test)
        if naive and block.leads:
            table = _full(block, case)
        else:
            table = _brief(block, case, study.opaque if naive and widest else study.opaque[:1])
        yield table.assign(answer=answer, refits=0)
        for regime in study.refitted or study.regimes if refits else ():
            refitted = _case(block, _refitted(block, rater, train, regime), test)
            # Against "nothing" and "full" each of its own refitted rater: opacity regret.
            yield _brief(block, refitted, (), (regime,)).assign(answer=answer, refits=refits)
    for variant in study.variants if block.leads else ():
        if block.tried(variant.worlds):
            case, opaque = _case(block, plain, test, variant), variant.opaque or study.opaque[:1]
            yield _brief(block, case, opaque, variant=variant).assign(answer="naive", refits=0)


def _robust(rater: Rater, society: Society, block: SweepBlock) -> Rater:
    """Return the rater fitted without what people can move without becoming more reliable."""
    dataset, kinds = rater.agency.view(society), gaming_kinds()
    found: Rater = drop_manipulable(rater, dataset, block.menu, kinds=kinds, seed=block.seed)
    return found


def _refitted(block: SweepBlock, rater: Rater, society: Society, regime: str) -> Any:
    """Return the rater fitted again and again to people who respond under a regime."""
    response = ResponseOptions(menu=block.menu, bundle=block.study.bundle)
    respond = Responding(regime=regime, response=response, society=society, seed=block.seed)
    earlier = society.outcome["kept_before"].to_numpy()
    how = Retraining(max_iter=block.study.refits, tol=0.0, earlier=earlier, seed=block.seed)
    dataset = rater.agency.view(society)
    found = repeated_refitting(rater, dataset, respond, retraining=how, sensitive=[])
    return found.raters[-1]


def _case(
    block: SweepBlock, rater: Any, society: Society, variant: VariantPart = DEFAULT
) -> DisclosureCase:
    """Return what everybody decides in, at a rater and under one assumption changed."""
    dataset = rater.agency.view(society)
    response = variant.options(block.study, rater, dataset)
    return case_of(rater, dataset, response, society=society, seed=block.seed)


def _full(block: SweepBlock, case: DisclosureCase) -> pd.DataFrame:
    regimes, lead = checked_regimes(block.study.regimes), block.study.lead.model_dump()
    return cell_table(case, regimes, lead).assign(**block.labels, variant="default")


def _brief(
    block: SweepBlock,
    case: DisclosureCase,
    opaque: tuple[str, ...],
    base: tuple[str, ...] = ("full",),
    variant: VariantPart = DEFAULT,
) -> pd.DataFrame:
    """Return what secrecy is judged by under some meanings of opacity, and when all is told."""
    regimes = variant.regimes(tuple(dict.fromkeys((*opaque, *base))))
    return brief_table(case, regimes).assign(**block.labels, variant=variant.id)
