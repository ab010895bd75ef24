"""What policies change, with intervals over societies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from credit_ml.consequences.finding import GroupOptions
from credit_ml.core import InputError, need_known
from credit_ml.dynamics.assumed.knobs import Life
from credit_ml.dynamics.assumed.vary import HEADLINES, Variation, variations, varied_pairs
from credit_ml.dynamics.catalogue import load_policy
from credit_ml.dynamics.history import Lives, changes, headlines
from credit_ml.dynamics.policy import Policy, PolicyError
from credit_ml.dynamics.run import run_rounds
from credit_ml.inference import checked_societies, other_societies, over_societies
from credit_ml.society import Society


def policy_effects(
    society: Society,
    policies: Sequence[Policy | str | Path] | Policy | str | Path,
    *,
    against: Policy | str | Path = "no_list",
    years: int = 10,
    life: Life | None = None,
    vary: Mapping[str, Mapping[str, Sequence[float]]] | None = None,
    societies: int = 20,
    workers: int = 1,
    seed: int = 0,
    **groups: Unpack[GroupOptions],
) -> Lives:
    """What each policy changes against another, in this society and in others of its world.

    Rows of quantity "change" hold a policy against the other one, those of quantity "value" what is
    measured under it; a row of quantity "difference" (of groups) says in ``of`` which it is of.

    In every society the histories are paired: the same people, the same draws. The intervals say
    how far the change moves from society to society of the same world; with ``societies=0`` they
    count the districts of this one.

    Rows of quantity "varied" say what the headlines would be, had an assumption another value: its
    name in ``varied``, the value in ``at``. The same people and draws again, so that what moves
    is the assumption.

    Cost: (1 + societies) simulations, and as many histories for each policy and one more; for each
    value of an assumption two more a policy.

    Parameters
    ----------
    society : Society
    policies : sequence of Policy, str or Path, or one
    against : Policy, str or Path
        What each is held against.
    years, life
        As in `run_rounds`.
    vary : mapping of str to mapping of str to sequence of float, optional
        By a policy's id, assumptions and the values to try: a knob of `Life`, "joined" or "repair"
        of the policy, or "sanctions", how many times what sanctions take from capacity is taken.
    societies : int
        Others of the same world, at least 8; or 0.
    workers : int
        Who share the societies (`credit_ml.inference.other_societies`).
    seed : int
        Of the other societies' seeds.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    PolicyError
        When a policy is unknown, or an assumption cannot be varied so.
    InputError
        When there are too few societies.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=1).simulate()
    >>> found = policy_effects(society, "joined", years=2, societies=8, sensitive="hukou")
    >>> found.parameters["intervals_over"], found.table["policy"].unique().tolist()
    ('societies', ['joined'])
    """
    single = isinstance(policies, Policy | str | Path)
    named: list[Any] = [policies] if single else list(policies)  # type: ignore[arg-type]
    InputError.unless(named, "policies", "are empty", "name at least one")
    chosen = [each if isinstance(each, Policy) else load_policy(each) for each in named]
    base = against if isinstance(against, Policy) else load_policy(against)
    tried = variations(vary or {})
    for name in tried:
        need_known(PolicyError, "vary", name, [each.id for each in chosen])
    way = life or Life()
    if societies:
        checked_societies(societies)

    def measured(one: Society) -> Lives:
        without = run_rounds(one, base, years=years, life=way)
        found = []
        for policy in chosen:
            history = run_rounds(one, policy, years=years, life=way)
            found += [changes(history, without, **groups), history.by_group(**groups)]
        tables = [each.table for each in found]
        for variation, lived, policy, other in varied_pairs(chosen, base, way, tried):
            with_it, less = (run_rounds(one, p, years=years, life=lived) for p in (policy, other))
            tables += _headlines(headlines(with_it, less, HEADLINES, **groups), variation)
        title = (
            f"What policies change against {base.title[0].lower()}{base.title[1:]}, {years} years"
        )
        return replace(found[0], table=pd.concat(tables).pipe(_filled), title=title)

    own = measured(society)
    own = replace(own, table=own.table.reset_index(drop=True))
    if not societies:
        return own
    others = other_societies(society, measured, societies=societies, workers=workers, seed=seed)
    return over_societies(own, others, intervals=groups.get("intervals", 0.95))


def _headlines(found: Sequence[Lives], variation: Variation) -> Iterator[pd.DataFrame]:
    """Yield what is followed as an assumption varies: changes of everybody, gaps of groups."""
    change, value = (each.table for each in found)
    everybody = (change["quantity"] == "change") & (change["sensitive"] == "overall")
    for rows in (change[everybody], value[value["quantity"] == "difference"]):
        told = {"varied": variation.name, "at": f"{variation.value:g}"}
        yield rows.assign(quantity="varied", **told)


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Let rows in which nothing is varied say so."""
    return table.fillna({name: "" for name in ("varied", "at") if name in table})
