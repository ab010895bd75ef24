"""From which score decisions favour somebody."""

from credit_ml.agencies import Agency
from credit_ml.core import AgencyError


def threshold_of(agency: Agency, threshold: float | str | None) -> float:
    """Points of the named privilege, of the first one, or the number itself.

    Raises
    ------
    AgencyError
        When the agency grants no such privilege, or none at all and no threshold is given.
    """
    if isinstance(threshold, str):
        return float(agency.privilege(threshold).threshold)
    if threshold is not None:
        return float(threshold)
    if not agency.privileges:
        raise AgencyError(agency.id, "grants no privilege", "give a threshold in points")
    return float(agency.privileges[0].threshold)
