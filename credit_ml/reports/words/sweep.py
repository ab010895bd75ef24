"""Sentences on what secrecy buys: the answer first, then for whom, and what half-truths do."""

from collections.abc import Sequence
from typing import Any

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import people_of, plain, sentence
from credit_ml.grammar.numbers import Amount, listed, show
from credit_ml.grammar.rows import fact, least, most, records, rows

ALL = "(all)"
_INCOME = "% of a year's income"
#: What is told where, in the middle of a sentence.
TOLD = {
    "nothing": "nothing",
    "prior": "nothing, to people who guess",
    "factors": "the names of the factors",
    "direction": "which way each column counts",
    "ranks": "the order of the weights",
    "rounded": "rounded weights",
    "weights": "the weights",
    "examples": "a hundred people's records and scores",
    "friends": "friends' records and scores",
    "reasons": "one's own reasons",
    "counterfactual": "the least change that would do",
    "recommendation": "an improvement that would do",
    "models": "five models with the true one among them",
    "adviser": "the factors, with the model for sale",
    "adviser_rater": "the factors, with the model for sale by the rater",
    "full": "the whole model",
}


def sweep_headline(results: StudyResults) -> str:
    """Return how much secrecy buys, for whom, and which half-disclosure tells most for least."""
    found = _finding(results)
    if found is None:
        return ""
    return " ".join(filter(None, (_bought(found), _for_whom(found), _half(found))))


def sweep_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return how it was tried, what each answer of the rater does, and what it hangs on."""
    found = _finding(results)
    if found is None:
        return []
    said = (
        Paragraph(text=_tried(found)),
        Paragraph(lead="The rater's answer.", text=_answers(found)),
        Paragraph(lead="Who plays.", text=_players(found)),
        Paragraph(lead="More told is not more gamed.", text=_not_monotone(found)),
        Paragraph(lead="Without friends, without address.", text=_sees(found)),
        Paragraph(lead="What it hangs on.", text=_variants(found)),
        Paragraph(lead="World by world.", text=_worlds(found)),
    )
    return [paragraph for paragraph in said if paragraph.text]


def _bought(found: Finding) -> str:
    """Say how much better scores tell people apart when nothing is told, by scorer and answer."""
    parts = []
    for scorer in found.parameters["scorers"]:
        price = _price(found, scorer)
        if price is not None:
            parts.append(f"{price.times(100).text('percentage points')} of AUC at the "
                         f"{plain(scorer)} score")  # fmt: skip
    if not parts:
        return ""
    text = f"Telling nothing instead of the whole model buys {listed(parts)}"
    robust = _price(found, found.parameters["scorers"][0], answer="robust")
    if robust is not None:
        text += (
            f", and {robust.times(100).text('percentage points')} where the "
            f"{plain(found.parameters['scorers'][0])} score leaves out what can be moved without "
            "improving"
        )
    return f"{text}."


def _for_whom(found: Finding) -> str:
    """Say among whom secrecy buys how much, and what it does to the welfare of either group."""
    bought, paid = [], []
    for people, values in _of_groups(found, "auc"):
        bought.append(f"{values.times(100).text('percentage points')} among {people}")
    for people, values in _of_groups(found, "welfare"):
        verb = "costs" if values.estimate < 0 else "gives"
        paid.append(f"{verb} {people} {values.size().times(100).text(_INCOME)}")
    if not bought or not paid:
        return ""
    return (
        f"At the {plain(found.parameters['scorers'][0])} score that is {listed(bought)}; and it "
        f"{listed(paid)} in privileges less what they spend."
    )


def _of_groups(found: Finding, measure: str) -> list[tuple[str, Amount]]:
    """What telling nothing instead of everything changes for each of the two groups followed."""
    lead, told = found.parameters["lead"], []
    for name in (lead["group"], lead["reference_group"]):
        where = _where(scorer=found.parameters["scorers"][0], sensitive=lead["sensitive"],
                       group=name, regime="nothing", measure=measure, against="full")  # fmt: skip
        value = fact(found, **where, reference_group="")
        if value is not None:
            told.append((people_of(lead["sensitive"], name, "citizens"), value))
    return told


def _half(found: Finding) -> str:
    """Name the regime between nothing and all that tells most above what it lets be gamed."""
    known = _by_regime(found, "knowledge")
    gamed = _by_regime(found, "share_who_game")
    between = [name for name in known if name in gamed and name not in ("nothing", "full")]
    if not between:
        return ""
    best = max(between, key=lambda name: known[name].estimate - gamed[name].estimate)
    text = (
        f"Of what lies between, telling {TOLD.get(best, plain(best))} gives most knowledge for the "
        f"least gaming: people know {known[best].percent()} of what actions do to their score, and "
        f"{gamed[best].percent()} of them game"
    )
    full = gamed.get("full")
    return f"{text}, against {full.percent()} when all is told." if full else f"{text}."


def _tried(found: Finding) -> str:
    told = found.parameters
    regimes = len(told["regimes"])
    return (
        f"In {show(told['societies'])} societies of {len(told['worlds'])} worlds "
        f"({listed([plain(world) for world in told['worlds']])}) each rater was trained on one "
        f"society and {regimes} regimes of disclosure were tried on another of the same world. "
        "Everybody chooses, from a menu of actions, what they believe to pay most. Means are over "
        "worlds, intervals over societies; a difference between regimes is taken within a society."
    )


def _answers(found: Finding) -> str:
    """Say what full disclosure costs the first kind of rater: naive or robust, or refitted."""
    scorer = found.parameters["scorers"][0]
    parts = []
    for answer in _values(found, "answer"):
        for refits in sorted(set(found.table["refits"])):
            price = _price(found, scorer, answer=answer, refits=int(refits))
            if price is not None:
                when = "in one shot" if not refits else "after refitting"
                parts.append(f"{price.times(100).text('percentage points')} at the {answer} "
                             f"score {when}")  # fmt: skip
    if not parts:
        return ""
    return (
        f"Telling nothing instead of everything buys the {plain(scorer)} scorer, in AUC: "
        f"{listed(parts)}. After refitting that is the opacity regret: each score is then its own."
    )


def _players(found: Finding) -> str:
    spent = fact(found, **_where(measure="spending", regime="full"))
    slope = fact(found, **_where(measure="spending_concentration", regime="full"))
    better = fact(found, **_where(measure="improvement_share", regime="full"))
    if spent is None or slope is None:
        return ""
    side = slope.side()
    who = {"above": "the money comes more from the rich", "below": "it comes more from the poor",
           "unclear": "it cannot be told whether rich or poor spend more"}[side]  # fmt: skip
    amount = spent.times(100).text(_INCOME)
    text = (
        f"Told everything, people spend {amount} on average, and {who} "
        f"(concentration index {slope.text()})"
    )
    return f"{text}; {better.percent()} of the actions improve." if better else f"{text}."


def _not_monotone(found: Finding) -> str:
    """Say where less knowledge goes with more gaming or more harm than the whole model does."""
    parts = []
    for measure, verb in (("share_who_game", "game"), ("harmed", "end up worse off")):
        level = _by_regime(found, measure)
        full = level.get("full")
        if full is None:
            continue
        above = [name for name, value in level.items() if value.estimate > full.estimate]
        if above:
            worst = max(above, key=lambda name: level[name].estimate)
            parts.append(
                f"{level[worst].percent()} {verb} when told {TOLD.get(worst, plain(worst))}, "
                f"against {full.percent()} when told everything"
            )
    return sentence(listed(parts)) if parts else ""


def _sees(found: Finding) -> str:
    parts = []
    for sees in _values(found, "sees"):
        price = _price(found, found.parameters["scorers"][0], sees=sees)
        if price is not None and sees != "all":
            parts.append(f"{price.times(100).text('percentage points')} where it sees {sees}")
    return f"Secrecy buys the opaque score, in AUC, {listed(parts)}." if parts else ""


def _variants(found: Finding) -> str:
    parts = []
    for variant in _values(found, "variant"):
        price = _price(found, found.parameters["scorers"][0], variant=variant)
        if price is not None and variant != "default":
            parts.append(f"{price.times(100).text('percentage points')} with {variant}")
    return f"In AUC secrecy buys {listed(parts)}." if parts else ""


def _worlds(found: Finding) -> str:
    own = rows(found, scorer=found.parameters["scorers"][0], sees="all", variant="default",
               answer="naive", refits=0, regime="nothing", measure="auc", against="full",
               sensitive="overall")  # fmt: skip
    own = own[own["world"] != ALL].dropna(subset=["estimate"])
    if len(own) < 2:
        return ""
    top, low = most(own), least(own)
    return (
        f"Secrecy buys most in the world '{plain(str(top['world']))}', "
        f"{Amount.of(top).times(100).text('percentage points')} of AUC, and least in "
        f"'{plain(str(low['world']))}', {Amount.of(low).times(100).text('percentage points')}."
    )


def _price(found: Finding, scorer: str, **where: Any) -> Amount | None:
    return fact(found, **_where(scorer=scorer, measure="auc", regime="nothing", against="full",
                                **where))  # fmt: skip


def _by_regime(found: Finding, measure: str) -> dict[str, Amount]:
    scorer = found.parameters["scorers"][0]
    where = {name: value for name, value in _where(scorer=scorer, measure=measure).items()
             if name != "regime"}  # fmt: skip
    return {
        str(row["regime"]): measured
        for row in records(rows(found, **where))
        if (measured := Amount.of(row)).known
    }


def _where(**where: Any) -> dict[str, Any]:
    every = {"world": ALL, "scorer": "opaque", "sees": "all", "variant": "default",
             "answer": "naive", "refits": 0, "regime": "full", "sensitive": "overall",
             "group": "all", "against": ""}  # fmt: skip
    return every | where


def _values(found: Finding, column: str) -> Sequence[str]:
    return [str(value) for value in found.table[column].unique()]


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("disclosure_sweep")), None)
