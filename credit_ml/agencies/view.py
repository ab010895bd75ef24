"""What an agency sees of a society: the columns of its streams, nothing else."""

import numpy as np
import pandas as pd

from credit_ml.agencies.specification import AgencySpecification
from credit_ml.core import Dataset, Mask, TableError
from credit_ml.society import (
    COLUMNS,
    COMPANIES,
    FACTORS,
    SENSITIVE,
    Society,
    seen_payments,
    seen_share,
)
from credit_ml.society.ties.friend_records import TOLD


def view(agency: AgencySpecification, society: Society) -> Dataset:
    """Return a society as one agency sees it.

    Features are the columns of the agency's streams, in the order of `COLUMNS`, grouped into
    the factors of S1; streams that must be joined are missing for citizens without the key.
    Sensitive features stand beside them and are never among them. The context holds what an
    analyst needs and the agency may not see: income (thousand yuan a month), district, and the
    true probability of keeping an obligation, and whether the agency knows the citizen at all:
    of whom it does not know, every feature is missing. `granted_before` says who had an obligation
    to keep in the period before; of nobody else does a rater know how it went.

    Cost: one copy of the visible columns.

    Raises
    ------
    TableError
        When the society's records lack a column.
    """
    absent = [name for name in agency.columns if name not in society.records.columns]
    if absent:
        raise TableError("society.records", f"column '{absent[0]}' is absent", "simulate again")
    context = {
        "income": society.records["income"],
        "district": society.people["district"],
        "probability": society.truth["probability"],
        "known": known_to(agency, society),
        "granted_before": society.outcome["granted_before"].to_numpy(dtype=bool),
    }
    return Dataset(
        X=_seen(agency, society),
        y=society.outcome["kept"].rename("kept"),
        sensitive=society.people[list(SENSITIVE)].copy(),
        factors=visible_factors(agency),
        context=pd.DataFrame(context),
        name=agency.id,
        cluster="district",
        of_others=tuple(name for name in agency.columns if name in TOLD),
    )


def learns_from(dataset: Dataset) -> Mask:
    """From whom a rater learns: its own users, of whom it was seen how they did before.

    Whoever uses a company not is no case of anything to it, and of whom nothing was granted
    nobody knows whether he would have kept it.
    """
    everybody = np.ones(len(dataset), dtype=bool)
    context = (dataset.context.get(name, everybody) for name in ("known", "granted_before"))
    learns: Mask = np.logical_and.reduce([np.asarray(each, dtype=bool) for each in context])
    return learns


def known_to(agency: AgencySpecification, society: Society) -> Mask:
    """Whether an agency knows each citizen: everybody, or the users of its companies (S4)."""
    if not agency.companies:
        return np.ones(len(society), dtype=bool)
    holds = society.holders[[f"company_{number}" for number in agency.companies]]
    return np.asarray(holds.any(axis=1))


def _seen(agency: AgencySpecification, society: Society) -> pd.DataFrame:
    seen = society.records[list(agency.columns)].copy()
    platforms = society.world.platforms
    users = society.holders[[f"company_{n + 1}" for n in range(COMPANIES)]].to_numpy().T
    if agency.companies and "spending" in seen.columns and not platforms.cleared:
        payments = society.truth["payments"].to_numpy()
        seen["spending"] = seen_payments(users, payments, agency.companies).astype(np.float32)
    if platforms.own_merchants and not platforms.cleared:
        pool = tuple(range(1, COMPANIES + 1)) if platforms.pooled else (1,)
        part = seen_share(users, agency.companies or pool)
        for name in (name for name in agency.columns if COLUMNS[name].stream == "clearing"):
            # Each is paid through one channel; whoever is known has paid somebody somewhere.
            seen[name] = np.maximum(np.rint(seen[name] * part), 1.0).astype(np.float32)
    unknown = ~known_to(agency, society)
    apart = ~society.holders["linked"].to_numpy()
    for name in agency.columns:
        hidden = unknown | apart if COLUMNS[name].stream in agency.joined else unknown
        if hidden.any():
            # Counts have no missing value of their own.
            kind = seen[name].dtype if COLUMNS[name].categories else np.float32
            seen[name] = seen[name].astype(kind).mask(hidden)
    return seen


def visible_factors(agency: AgencySpecification) -> dict[str, tuple[str, ...]]:
    """Columns that the agency sees, by factor of S1; factors without any are left out."""
    blocks = {
        str(factor): tuple(name for name in agency.columns if COLUMNS[name].factor == factor)
        for factor in FACTORS
    }
    return {factor: columns for factor, columns in blocks.items() if columns}
