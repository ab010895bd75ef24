"""Agencies that ship with the package, and agencies of one's own."""

import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from credit_ml.agencies.agency import Agency
from credit_ml.core import AgencyError, refuse_unknown


def agency_ids() -> list[str]:
    """Names of the agencies in the package, in alphabetical order.

    Examples
    --------
    >>> agency_ids()
    ['all_in_one', 'bureau', 'clearing', 'council', 'government', 'national', 'partners', 'sesame']
    """
    folder = files("credit_ml.agencies") / "catalogue"
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )


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
    if str(name).endswith(".toml"):
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise AgencyError(str(name), "cannot be read", "give a TOML file in UTF-8") from error
        return _parsed(text, path.name)
    if name not in agency_ids():
        refuse_unknown(AgencyError, "agency", str(name), agency_ids())
    entry = files("credit_ml.agencies") / "catalogue" / f"{name}.toml"
    return _parsed(entry.read_text("utf-8"), f"{name}.toml")


def agencies() -> pd.DataFrame:
    """One row a named agency: what it is, sees, scores with, grants, imposes and tells.

    Examples
    --------
    >>> agencies().set_index("id").loc["council", "scorer"]
    'rules'
    """
    described = [load_agency(name) for name in agency_ids()]
    return pd.DataFrame(
        [
            {
                "id": agency.id,
                "title": agency.title,
                "rows": ", ".join(agency.rows),
                "description": " ".join(agency.description.split()),
                "sees": ", ".join(agency.streams),
                "scorer": agency.scorer.kind,
                "scale": _ends(agency),
                "grants": ", ".join(
                    f"{each.name} from {each.threshold:g}" for each in agency.privileges
                ),
                "imposes": ", ".join(
                    f"{each.name} below {each.below:g}" for each in agency.penalties
                ),
                "tells": agency.disclosed,
            }
            for agency in described
        ]
    )


def _ends(agency: Agency) -> str:
    scale = agency.scale.make()
    if np.isfinite(scale.low):
        return f"{scale.low:g} to {scale.high:g}"
    return f"{getattr(scale, 'base_points', 0):g} is the start"


def _parsed(text: str, place: str) -> Agency:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AgencyError(place, f"is not TOML ({error})", "mend that line") from error
    return Agency.from_dict(given, place=place)
