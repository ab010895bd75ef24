"""A sweep of disclosure: regimes over worlds, raters, what they see, and how they answer."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from pydantic import Field

from credit_ml.core import StudyError, need_known
from credit_ml.core.renamed import renamed_keys
from credit_ml.disclosure import DisclosureSweep, disclosure_sweep
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.response import load_menu
from credit_ml.society import SENSITIVE
from credit_ml.studies.cells.work import all_names
from credit_ml.studies.sweeps.disclosure_cells import DEFAULT, WITHOUT, SweepBlock, VariantPart
from credit_ml.studies.sweeps.resumable import ResumableStudy
from credit_ml.studies.tables import LeadTable


class SweepStudy(ResumableStudy):
    """Everything that a sweep depends on; how many workers is not among it.

    Its cells are one kind of rater in one society each; more societies are added to those kept.
    Cost: a society, a fit and a response for each regime, answer and refit.

    Examples
    --------
    >>> head = {"id": "one", "title": "One", "question": "Is there a gap?", "prediction": "Yes.",
    ...         "refutation": "No.", "seed": 1}
    >>> lead = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    >>> study = SweepStudy.from_dict({
    ...     "study": head, "lead": lead, "worlds": ["baseline"], "regimes": ["nothing", "full"],
    ...     "raters": [{"agency": "sesame"}], "report": {"path": "one.html"}})
    >>> len(list(study.blocks()))
    20
    """

    command = "disclosure"
    found = DisclosureSweep
    noun = "raters in societies"
    counted = (("worlds", "worlds"), ("societies", "societies"))
    code = ("studies.sweeps.disclosure", "studies.sweeps.disclosure_cells")
    apart = ("checks", "report", "study", "societies")

    lead: LeadTable
    regimes: tuple[str, ...] = Field(min_length=2)
    sees: tuple[str, ...] = ("all",)
    """What raters see, the most first; with less than that only the first rater is tried."""
    opaque: tuple[str, ...] = ("nothing",)
    """Regimes that opacity may mean. Every regime is measured at the first rater that sees most;
    at others these and "full", and the first of them and "full" where the rater is robust or
    refitted, where it sees less and under variants: by what secrecy is judged by alone."""
    answers: tuple[str, ...] = ("naive", "robust")
    refits: int = Field(default=1, ge=0)
    """Refits of the refitted rater; 0 leaves it out. Only the first that sees most is refitted."""
    refit_worlds: tuple[str, ...] = ()
    """Where it is refitted; in all worlds when empty."""
    refitted: tuple[str, ...] = ()
    """Regimes to whose people it is refitted; all when empty."""
    citizens: int = Field(default=3000, ge=200)
    societies: int = Field(default=20, ge=2)
    """Societies of each world, and so seeds that intervals count."""
    menu: str = "default"
    bundle: int | None = Field(default=2, ge=1)
    variants: tuple[VariantPart, ...] = ()

    @classmethod
    def _as_called_now(cls, given: dict[str, Any], place: str) -> dict[str, Any]:
        given = renamed_keys(given, {"rounds": "refits"}, place)
        old = {"cost_factor": "cost_multiplier"}
        if isinstance(variants := given.get("variants"), list):
            given["variants"] = [
                renamed_keys(each, old, f"{place}: variants") if isinstance(each, dict) else each
                for each in variants
            ]
        return given

    def _check(self, place: str) -> None:
        for agency in self.agencies():
            if agency.scorer.kind == "rules":
                where, remedy = f"{place}: raters, {agency.id}", "name scorers that learn"
                raise StudyError(where, "scores by fixed rules", remedy)
        checked_regimes(self.regimes)
        for variant in (DEFAULT, *self.variants):
            variant.changed_menu(self.menu)
        named: tuple[tuple[str, tuple[str, ...], Any], ...] = (
            ("sees", self.sees, WITHOUT),
            ("answers", self.answers, ("naive", "robust")),
            ("opaque", self.opaque, self.regimes),
            ("refitted", self.refitted, self.regimes),
            ("refit_worlds", self.refit_worlds, self.worlds),
            ("lead", (self.lead.sensitive,), SENSITIVE),
            *(("variants, worlds", each.worlds, self.worlds) for each in self.variants),
            *(("variants, opaque", each.opaque, self.regimes) for each in self.variants),
        )
        for key, values, known in named:
            for value in values:
                need_known(StudyError, f"{place}: {key}", value, known)

    def blocks(self) -> Iterator[SweepBlock]:
        """Yield what one worker does at a time: one kind of rater in one society.

        Only the first rater is tried with less to see.
        """
        first, *others = self.agencies()
        kinds = [(first, sees) for sees in self.sees]
        kinds += [(agency, self.sees[0]) for agency in others]
        for number, world, kind in itertools.product(range(self.societies), self.worlds, kinds):
            agency, sees = kind
            yield SweepBlock(study=self, number=number, world=world, agency=agency, sees=sees)

    def _depends_on(self) -> list[Any]:
        menus = {self.menu, *(each.menu for each in self.variants if each.menu)}
        each = {name: load_menu(name).model_dump(mode="json") for name in sorted(menus)}
        return [*super()._depends_on(), each]

    def finding(self, tables: Mapping[str, pd.DataFrame]) -> DisclosureSweep:
        """Return the sweep of all cells."""
        ordered = [tables[name] for name in all_names(list(self.blocks()))]
        cells, lead = pd.concat(ordered, ignore_index=True), self.lead.model_dump()
        found = disclosure_sweep(
            cells,
            regimes=self.regimes,
            lead=lead,
            opaque=self.opaque,
            variants={each.id: each.about for each in self.variants},
            intervals=self.intervals,
        )
        size = f"Societies have {self.citizens:,} citizens, raters are trained on as many."
        return replace(found, notes=(*found.notes, size))
