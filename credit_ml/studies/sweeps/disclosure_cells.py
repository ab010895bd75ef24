"""Cells of a sweep of disclosure: one rater in one society, under every regime and answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pydantic import Field

from credit_ml.agencies import Agency, Rater
from credit_ml.core import Streams, whole
from credit_ml.disclosure import Responding, disclose
from credit_ml.response import Menu, ResponseOptions, gaming_kinds, load_menu
from credit_ml.society import Society, load_world
from credit_ml.strategic import Retraining, drop_manipulable, repeated_refitting
from credit_ml.studies.tables import StudyTable
from credit_ml.studies.threads import one_thread_each

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
    """A change of costs, margin or menu, to see what the answer hangs on."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_ ]*$")
    cost_multiplier: float = Field(default=1.0, ge=0)
    margin: float = Field(default=0.0, ge=0)
    kinds: tuple[str, ...] = ()
    """Kinds of action that the menu keeps; all when empty."""
    worlds: tuple[str, ...] = ()
    """Where it is tried, at naive raters; in all worlds when empty."""

    def menu(self, menu: Menu) -> Menu:
        """Return the menu that is left."""
        if not self.kinds:
            return menu
        kept = tuple(action for action in menu.actions if action.kind in self.kinds)
        return menu.model_copy(update={"actions": kept})


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
    def sees_most(self) -> bool:
        """Whether its rater sees what is named first, and so is refitted and varied too."""
        return self.sees == self.study.sees[0]

    def response(self, menu: Menu, **how: Any) -> ResponseOptions:
        """Return what people can do."""
        return ResponseOptions(menu=menu, bundle=self.study.bundle, **how)

    @property
    def menu(self) -> Menu:
        """What the study's people can do."""
        return load_menu(self.study.menu)

    @property
    def file(self) -> str:
        """Name of its file."""
        sees = self.sees.replace(" ", "_")
        return f"{self.world}-{self.agency.scorer.kind}-{sees}-{self.number}.parquet"

    def society(self, purpose: str) -> Society:
        """Make the society that a rater is trained in, or another that it is measured in."""
        seed = Streams(self.seed).seed_for(f"disclosure.{purpose}", self.number)
        return load_world(self.world, citizens=self.study.citizens, seed=seed).simulate()

    def narrowed(self) -> Agency:
        """Return the agency without the streams that it shall not see."""
        left = tuple(each for each in self.agency.streams if each not in WITHOUT[self.sees])
        joined = tuple(each for each in self.agency.joined if each in left)
        return self.agency.model_copy(update={"streams": left, "joined": joined})

    def run(self, folder: Path) -> None:
        """Write its file if it is not there yet, whole or not at all."""
        path = folder / self.file
        if not path.exists():
            with one_thread_each():
                found = pd.concat(list(_tables(self)), ignore_index=True)
            with whole(path) as part:
                found.to_parquet(part, index=False)


def _tables(block: SweepBlock) -> Iterator[pd.DataFrame]:
    study = block.study
    train, test = block.society("training"), block.society("measured")
    plain = block.narrowed().fit(train, seed=block.seed)
    refitted_to = (study.refitted or study.regimes) if block.sees_most and study.refits else ()
    for answer in study.answers:
        rater = plain if answer == "naive" else _robust(plain, train, block)
        yield _measured(block, rater, test, study.regimes).assign(answer=answer, refits=0)
        for regime in refitted_to:
            refitted = _refitted(block, rater, train, regime)
            # Against "nothing" and "full" each of its own refitted rater: opacity regret.
            table = _measured(block, refitted, test, (regime,))
            yield table.assign(answer=answer, refits=study.refits)
    for variant in study.variants if block.sees_most else ():
        if not variant.worlds or block.world in variant.worlds:
            table = _measured(block, plain, test, study.regimes, variant)
            yield table.assign(answer="naive", refits=0)


def _robust(rater: Rater, society: Society, block: SweepBlock) -> Rater:
    """Return the rater fitted without what people can move without becoming more reliable."""
    dataset, kinds = rater.agency.view(society), gaming_kinds()
    found: Rater = drop_manipulable(rater, dataset, block.menu, kinds=kinds, seed=block.seed)
    return found


def _refitted(block: SweepBlock, rater: Rater, society: Society, regime: str) -> Any:
    """Return the rater fitted again and again to people who respond under a regime."""
    response = block.response(block.menu)
    respond = Responding(regime=regime, response=response, society=society, seed=block.seed)
    earlier = society.outcome["kept_before"].to_numpy()
    how = Retraining(max_iter=block.study.refits, tol=0.0, earlier=earlier, seed=block.seed)
    dataset = rater.agency.view(society)
    found = repeated_refitting(rater, dataset, respond, retraining=how, sensitive=[])
    return found.raters[-1]


def _measured(
    block: SweepBlock,
    rater: Any,
    society: Society,
    regimes: tuple[str, ...],
    variant: VariantPart = DEFAULT,
) -> pd.DataFrame:
    cost = np.full(len(society), variant.cost_multiplier)
    menu, lead = variant.menu(block.menu), block.study.lead
    response = block.response(menu, margin=variant.margin, cost_multiplier=cost)
    found = disclose(
        rater,
        rater.agency.view(society),
        regimes=regimes,
        response=response,
        society=society,
        people=None,
        sensitive=lead.sensitive,
        reference_groups={lead.sensitive: lead.reference_group},
        seed=block.seed,
    )
    labels: Mapping[str, Any] = {
        "world": block.world,
        "seed": block.number,
        "scorer": block.agency.scorer.kind,
        "sees": block.sees,
        "variant": variant.id,
    }
    told = found.table[found.table["group"].isin(["all", lead.group, lead.reference_group])]
    return told.drop(columns=["low", "high", "people", "clusters", "reason"]).assign(**labels)
