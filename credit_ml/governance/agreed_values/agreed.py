"""From citizens' weights to agreed ones, and from these to a score: whom it ranks high (S19)."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, Unpack

from credit_ml.agencies import Rater
from credit_ml.consequences.finding import ByGroup, GroupOptions
from credit_ml.core import InputError, Streams, conform
from credit_ml.governance.agreed_values.citizens import CitizenValues
from credit_ml.governance.agreed_values.election import Election, VoteOptions
from credit_ml.governance.agreed_values.finding import NOTES, UNITS, AgreedValues
from credit_ml.governance.agreed_values.held import HeldValues
from credit_ml.society import Society


def agreed_values(
    state: Rater,
    society: Society,
    *,
    card: Rater | None = None,
    values: CitizenValues | Sequence[CitizenValues] | None = None,
    vote: VoteOptions | None = None,
    seed: int = 0,
    **groups: Unpack[GroupOptions],
) -> AgreedValues:
    """Let citizens agree on what a score should count, and hold that score against the State's.

    Proposals are the weights of the State's score, of the fitted card (the accuracy-maximising
    one), equal weights, the mean and the median of all citizens' weights, the mean of each group's,
    and those of some citizens drawn by lot. Mean and median are agreed on as they are; majority
    judgement, Borda and pairwise majority choose a proposal. Pairwise majority may cycle: then the
    finding shows the cycle (``parameters["cycles"]``), and what the smallest majority rejects
    stands for it (Simpson and Kramer). Of two factors, on one line, there is no cycle (Black); of
    more there mostly is one somewhere (Plott, McKelvey).

    Cost: voters times pairs of proposals, times draws.

    Parameters
    ----------
    state : Rater
        The State's score; its weights are those that explain it best.
    society : Society
    card : Rater, optional
        An additive rater of at least two factors, whose terms and scale every agreed card has; the
        State's own by default.
    values : CitizenValues or several, optional
        How citizens' weights are spread; several are looked at one after another.
    vote : VoteOptions, optional
    seed : int
        Of weights, nominations and draws.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`. `credit_ml.inference.resample_societies` resamples
        societies.

    Raises
    ------
    InputError
        When the card has one factor, or nobody or everybody would have a place.
    AgencyError
        When places are not said and the State grants nothing.

    References
    ----------
    Caplin, A. and Nalebuff, B. (1991). Aggregation and social choice: a mean voter theorem.
    Econometrica 59, 1-23. McKelvey, R. D. (1976). Intransitivities in multidimensional voting
    models and some implications for agenda control. Journal of Economic Theory 12, 472-482.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> state = load_agency("council").fit(society)
    >>> found = agreed_values(state, society, vote=VoteOptions(draws=2), sensitive="hukou")
    >>> weights = found.table.query("measure == 'weight' and rule == 'mean'")
    >>> weights["estimate"].round(1).tolist()
    [0.5, 0.5]
    """
    each = checked_values(values)
    chosen, options = state if card is None else card, vote or VoteOptions()
    by = ByGroup(chosen.agency.view(society), **groups)
    # Citizens of another society hold other values, so that societies say how sure a vote is.
    chance = Streams(seed).seed_for(f"agreed_values of {society.world.seed}")
    election = Election.of(state, chosen, society, options, chance)
    rows: list[dict[str, Any]] = []
    told: dict[str, dict[str, Any]] = {name: {} for name in ("cycles", "chosen", "bounds")}
    for one in each:
        label = f"{one.dependence:g}"
        held = HeldValues.of(election, one)
        rows += [{"dependence": label, **row} for row in held.rows(by)]
        told["cycles"][label] = held.cycle()
        told["chosen"][label] = held.winners
        if isfinite(held.bound):
            told["bounds"][label] = held.bound
    return AgreedValues(
        table=conform([{"factor": "", "against": "", **row} for row in rows]).assign(
            unit=lambda table: table["measure"].map(UNITS)
        ),
        title="What citizens agree that a score should count",
        parameters={
            "state": state.name,
            "card": chosen.name,
            "factors": list(election.card.factors),
            "state_explained": election.explained,
            "places": election.places,
            "people_of": options.divided_by,
            **told,
            **by.parameters,
        },
        seed=seed,
        notes=(*NOTES, by.people.note),
    )


def checked_values(
    values: CitizenValues | Sequence[CitizenValues] | None,
) -> Sequence[CitizenValues]:
    """What citizens hold, once or several times, each with another dependence."""
    if values is None or isinstance(values, CitizenValues):
        return [values or CitizenValues()]
    InputError.unless(values, "values", "are none", "give one, or leave them out")
    labels = [f"{one.dependence:g}" for one in values]
    problem = "are given twice with one dependence"
    InputError.unless(len(set(labels)) == len(labels), "values", problem, "give each another")
    return values
