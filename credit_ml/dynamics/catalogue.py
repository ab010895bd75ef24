"""Policies that ship with the package, and policies of one's own."""

import textwrap
from pathlib import Path

import pandas as pd

from credit_ml.core import need_known, read_toml
from credit_ml.dynamics.policy import Policy, PolicyError

POLICIES = Path(__file__).with_name("policies")
#: Letters of a policy's title in one line beside an axis.
LONGEST = 24


def policy_ids() -> list[str]:
    """Names of the policies in the package, in alphabetical order.

    Examples
    --------
    >>> {"no_list", "list_alone", "joined"} <= set(policy_ids())
    True
    """
    return sorted(path.stem for path in POLICIES.glob("*.toml"))


def load_policy(name: str | Path) -> Policy:
    """Return a named policy, or the policy of a TOML file of one's own.

    Parameters
    ----------
    name : str or Path
        One of `policy_ids`, or a path that ends in ``.toml``. A file may start from a named
        policy with ``base = "..."`` and replace any key.

    Raises
    ------
    PolicyError
        When the policy is unknown, or its file cannot be read or used.

    Examples
    --------
    >>> load_policy("list_alone").joined
    0.0
    """
    path = Path(name)
    if path.suffix != ".toml":
        need_known(PolicyError, "policy", name, policy_ids())
        path = POLICIES / f"{name}.toml"
    given = read_toml(path, PolicyError, "give a TOML file in UTF-8")
    base = given.pop("base", None)
    if base is not None:
        given = load_policy(str(base)).model_dump(exclude_none=True) | given
    return Policy.from_dict(given, place=path.name)


def policies() -> pd.DataFrame:
    """One row a named policy: id, title, rows of the source document, description.

    Examples
    --------
    >>> set(policies()["id"]) == set(policy_ids())
    True
    """
    made = [load_policy(name) for name in policy_ids()]
    return pd.DataFrame(
        {
            "id": [each.id for each in made],
            "title": [each.title for each in made],
            "rows": [", ".join(each.rows) for each in made],
            "description": [" ".join(each.description.split()) for each in made],
        }
    )


def title_of(policy: str) -> str:
    """Return a policy's title; its id where it is a file of one's own.

    Examples
    --------
    >>> title_of("joined"), title_of("my_own")
    ('Joint punishment', 'my_own')
    """
    try:
        return load_policy(policy).title
    except PolicyError:
        return policy


def broken_title(policy: str) -> str:
    r"""Return a policy's title in lines that leave room to what is drawn beside it.

    Examples
    --------
    >>> broken_title("joined_family")
    'Joint punishment of\nfamilies'
    """
    return textwrap.fill(title_of(policy), LONGEST)
