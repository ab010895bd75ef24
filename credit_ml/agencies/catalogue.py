"""Agencies that ship with the package, and agencies of one's own."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies.agency import Agency
from credit_ml.core import AgencyError, need_known, read_toml

CATALOGUE = Path(__file__).with_name("catalogue")


def agency_ids() -> list[str]:
    """Names of the agencies in the package, in alphabetical order.

    Examples
    --------
    >>> agency_ids()[:4]
    ['all_in_one', 'bureau', 'clearing', 'council']
    """
    return sorted(path.stem for path in CATALOGUE.glob("*.toml"))


def load_agency(name: str | Path) -> Agency:
    """Return a named agency, or the agency of a TOML file of one's own.

    Parameters
    ----------
    name : str or Path
        One of `agency_ids`, or a path that ends in ``.toml``.

    Raises
    ------
    AgencyError
        When the agency is unknown, or its file cannot be read or used; one line that names
        file, key, problem and remedy.

    Examples
    --------
    >>> load_agency("council").disclosed
    'full'
    """
    path = Path(name)
    if path.suffix != ".toml":
        need_known(AgencyError, "agency", name, agency_ids())
        path = CATALOGUE / f"{name}.toml"
    given = read_toml(path, AgencyError, "give a TOML file in UTF-8")
    return Agency.from_dict(given, place=path.name)


def agencies() -> pd.DataFrame:
    """One row a named agency: what it is, sees, scores with, grants, imposes and tells.

    Examples
    --------
    >>> agencies().set_index("id").loc["council", "scorer"]
    'rules'
    """
    return pd.DataFrame([_described(load_agency(name)) for name in agency_ids()])


def _described(agency: Agency) -> dict[str, Any]:
    scale = agency.scale.make()
    start = f"{getattr(scale, 'base_points', 0):g} is the start"
    return {
        "id": agency.id,
        "title": agency.title,
        "rows": ", ".join(agency.rows),
        "description": " ".join(agency.description.split()),
        "sees": ", ".join(agency.streams),
        "scorer": agency.scorer.kind,
        "scale": f"{scale.low:g} to {scale.high:g}" if np.isfinite(scale.low) else start,
        "grants": ", ".join(f"{each.name} from {each.threshold:g}" for each in agency.privileges),
        "imposes": ", ".join(f"{each.name} below {each.below:g}" for each in agency.penalties),
        "tells": agency.disclosed,
    }
