"""Sentences on which estimator to believe: the answer first, then advice for each situation."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount, listed, show, spelled
from credit_ml.grammar.rows import fact, least, most, records, rows

ALL, PROXIES, NOTHING = "(all)", "(proxies)", "nothing"
#: Share of the truth's size below which an error lets an estimate stand for it.
CLOSE, ROUGH = 0.25, 0.5


def leaderboard_headline(results: StudyResults) -> str:
    """Return whether proxy harm can be measured without the truth, by what, with what error."""
    found = _finding(results)
    if found is None:
        return ""
    people = str(found.parameters["people"][-1])
    # Chosen over all sizes: at one size the best is the luckiest.
    best = _best(found, factors=PROXIES)
    size = fact(found, **_where(factors=PROXIES, size=people, measure="error",
                                estimator=NOTHING))  # fmt: skip
    if best is None or size is None:
        return ""
    name = best[0]
    error = fact(found, **_where(factors=PROXIES, size=people, measure="error", estimator=name))
    if error is None:
        return ""
    share = error.estimate / size.estimate
    can = (
        "can be measured" if share < CLOSE
        else "can be measured roughly" if share < ROUGH
        else "can hardly be measured"
    )  # fmt: skip
    covered = fact(found, **_where(factors=PROXIES, size=people, measure="coverage",
                                   estimator=name))  # fmt: skip
    honest = f"; its intervals hold the truth {covered.percent()} of the time" if covered else ""
    return (
        f"Harm that enters a score through friends and address {can} without the truth: by "
        f"{_title(found, name)}, in samples of {show(float(people))} people with an error of "
        f"{error.text()} hundredths of the score's standard deviation, where the truth is "
        f"{size.text()}{honest}."
    )


def leaderboard_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return how it was tried, advice by situation, where it fails, and the source truth."""
    found = _finding(results)
    if found is None:
        return []
    return [
        paragraph
        for paragraph in (
            Paragraph(text=_tried(found)),
            Paragraph(lead="Advice.", text=_advice(found)),
            Paragraph(lead="Where the best one fails.", text=_fails(found)),
            Paragraph(lead="Interventions are no attributions.", text=_interventions(found)),
            Paragraph(lead="Carrier and source.", text=_source(found)),
        )
        if paragraph.text
    ]


def _tried(found: Finding) -> str:
    told = found.parameters
    sizes = listed([show(size) for size in told["people"]])
    estimators = spelled(len(found.table["estimator"].unique()) - 1)
    return (
        f"{sentence(estimators, stop='')} estimators were tried on {show(told['samples'])} "
        f"audited samples of {sizes} people, {len(told['worlds'])} worlds, "
        f"{len(told['raters'])} raters and "
        f"{len(told['sensitive'])} sensitive features. Each rater was trained once in its world "
        "and then audited as it stands; the truth is what an intervention in a large society of "
        f"the same world moves (carrier).{_tried_less(found)}"
    )


def _tried_less(found: Finding) -> str:
    """Name the estimators that were not asked at every size, whose errors are of small samples."""
    sizes = found.table[found.table["size"] != ALL].groupby("estimator")["size"].unique()
    fewer = {str(name): each for name, each in sizes.items() if len(each) < len(sizes[NOTHING])}
    if not fewer:
        return ""
    names = listed([_title(found, name) for name in fewer])
    asked = listed(sorted({show(float(size)) for each in fewer.values() for size in each}))
    return (
        f" Dear ones ({names}) were tried with {asked} people alone: their errors are those of "
        "small samples, and to be held against others there."
    )


def _advice(found: Finding) -> str:
    said = []
    for rater in found.parameters["raters"]:
        best = _best(found, rater=rater)
        if best is not None:
            said.append(f"for {rater}, {_title(found, best[0])} (error {best[1].text()})")
    text = f"Least error over all factors: {listed(said)}." if said else ""
    sizes = [str(size) for size in found.parameters["people"]]
    if len(sizes) > 1:
        small, large = (_best(found, size=size) for size in (sizes[0], sizes[-1]))
        if small and large:
            text += (
                f" With {show(float(sizes[0]))} people it is {_title(found, small[0])} with "
                f"{small[1].text()}, with {show(float(sizes[-1]))} {_title(found, large[0])} with "
                f"{large[1].text()}."
            )
    top = [
        (str(row["estimator"]), Amount.of(row))
        for row in records(rows(found, **_where(measure="top")))
        if row["estimator"] in _attributions(found)
    ]
    if top:
        name, share = max(top, key=lambda each: each[1].estimate)
        text += (
            f" The factor that carries most is named rightly {share.percent()} of the time by "
            f"{_title(found, name)}, which no other attribution betters."
        )
    return text


def _fails(found: Finding) -> str:
    best = _best(found)
    if best is None:
        return ""
    own = rows(found, target="carrier", factors=ALL, sensitive=ALL, size=ALL, rater=ALL,
               measure="error", estimator=best[0])  # fmt: skip
    own = own[own["world"] != ALL].dropna(subset=["estimate"])
    if len(own) < 2:
        return ""
    worst, easiest = most(own), least(own)
    return sentence(
        f"{_title(found, best[0])} errs most in the world '{worst['world']}', by "
        f"{Amount.of(worst).text()}, and least in '{easiest['world']}', by "
        f"{Amount.of(easiest).text()}"
    )


def _interventions(found: Finding) -> str:
    kinds = found.parameters["kinds"]
    top = [
        f"{_title(found, str(row['estimator']))} {Amount.of(row).percent()}"
        for row in records(rows(found, **_where(measure="top")))
        if kinds.get(row["estimator"]) == "intervention"
    ]
    if not top:
        return ""
    return (
        "They say what changes when a factor is taken away, and the rest of the score takes its "
        f"place. Read as attributions, they name the largest carrier rightly: {listed(top)}."
    )


def _source(found: Finding) -> str:
    best = _best(found)
    if best is None:
        return ""
    error = fact(found, **_where(target="source", measure="error", estimator=best[0]))
    size = fact(found, **_where(target="source", measure="error", estimator=NOTHING))
    if error is None or size is None:
        return ""
    return (
        "Which mechanism of the world makes a gap is another question than which factor carries "
        f"it. Held against the source, {_title(found, best[0])} errs by {error.text()} where the "
        f"truth is {size.text()}; no estimator here asks that question, and a model and a table "
        "do not answer it."
    )


def _best(found: Finding, **where: str) -> tuple[str, Amount] | None:
    """Attribution with the least error of those that answered in every cell."""
    asked = rows(found, **(_where(measure="error") | where))
    asked = asked[asked["estimator"].isin(_attributions(found))].dropna(subset=["estimate"])
    asked = asked[asked["samples"] == asked["samples"].max()]
    if not len(asked):
        return None
    row = least(asked)
    return str(row["estimator"]), Amount.of(row)


def _attributions(found: Finding) -> list[str]:
    kinds = found.parameters["kinds"]
    return [
        str(name)
        for name in found.table["estimator"].unique()
        if kinds.get(name, "attribution") == "attribution"
    ]


def _where(**where: str) -> dict[str, str]:
    every = {"target": "carrier", "factors": ALL, "sensitive": ALL, "size": ALL,
             "world": ALL, "rater": ALL}  # fmt: skip
    return every | where


def _title(found: Finding, name: str) -> str:
    return str(found.parameters["titles"].get(name, name.replace("_", " ")))


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("leaderboard")), None)
