"""What each action would truly do: the probability of keeping, before and after it."""

import pandas as pd

from credit_ml.response.menu import Menu, default_menu
from credit_ml.society import Society


def action_effects(society: Society, menu: Menu | None = None) -> pd.DataFrame:
    """True probability that each citizen keeps an obligation after each action.

    Only improving actions move it; cosmetic and social ones leave it as it is, whatever they do
    to the score. Known in a simulation alone.

    Cost: one pass over citizens an action.

    Parameters
    ----------
    society : Society
    menu : Menu, optional
        The default menu by default.

    Returns
    -------
    DataFrame
        One row a citizen: ``nothing``, then one column an action by its id.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> effects = action_effects(World(citizens=300, seed=1).simulate())
    >>> bool((effects.sub(effects["nothing"], axis=0) >= 0).all(axis=None))
    True
    """
    actions = (menu or default_menu()).actions
    now = society.truth["probability"].astype("float64")
    columns = {"nothing": now}
    for action in actions:
        moved = action.outcome_effect != 0
        columns[action.id] = (
            society.probability_if(log_odds=action.outcome_effect) if moved else now
        )
    return pd.DataFrame(columns)
