"""Tables of a sweep: every headline over all settings, every knob of it, every setting."""

import re

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.names import knob_name, sentence
from credit_ml.grammar.numbers import MINUS, Amount, percent
from credit_ml.grammar.rows import fact, level, records, rows
from credit_ml.grammar.tables import EMPTY, cell
from credit_ml.studies.settings.facts import (
    SHARES,
    HeadlineFacts,
    has_shares,
    headline_facts,
    knobs_of,
    named,
    over_settings,
)
from credit_ml.studies.settings.figure import shown_in as _shown_in


def headlines_table(finding: Finding) -> TableView:
    """Return a line a headline: chance, assumptions, when its meaning turns, what moves it most."""
    lines = []
    for each in headline_facts(finding):
        most = f"{knob_name(each.knob)}, {each.share.percent()}" if each.share else ""
        most = most if each.first else f"not decided; by the estimate {most}" * bool(most)
        turns = _turns(each)
        most_at = f"; most where {unmarked(each.where)}" if each.where and not each.sideless else ""
        where = f"{turns}{most_at}"
        factor, unit = _shown_in(each.unit)
        values = (
            cell(each.declared and each.declared.times(factor)),
            cell(each.range and over_settings(each.range.times(factor))),
        )
        line = (f"{sentence(each.name, stop='')} ({unit})", *values, where)
        lines.append((*line, most) if has_shares(finding) else line)
    head = ("Headline", "As it stands here (chance)", "Over assumptions", "Whether it turns")
    most_head = ("What moves it most (total share)",) if has_shares(finding) else ()
    return TableView(
        caption="Every headline between chance and what is assumed",
        head=(*head, *most_head),
        bodies=(("", tuple(lines)),),
        words=(0, 3, 4)[: 2 + len(most_head)],
    )


def _turns(each: HeadlineFacts) -> str:
    """Say whether it turns, and in how many settings."""
    if each.turned is None:
        return ""
    if each.fixed:
        return "it cannot: it is never on another side"
    if each.holds:
        return "at no setting"
    if each.sideless:
        return "; ".join(filter(None, ("no sure side as it stands", each.surely)))
    if each.split:
        return f"on each side are, for certain, at least {each.at_least} of the settings"
    if each.turns:
        return f"at {each.at_least} of the settings, at most {each.at_most}"
    return f"{each.estimated} by the estimates; it may, at up to {each.at_most} of them"


def knobs_table(finding: Finding) -> TableView:
    """Return a table of shares and of both ends of every knob, headline by headline."""
    bodies = []
    sideless = {each.name for each in headline_facts(finding) if each.sideless}
    for name in finding.parameters["headlines"]:
        lines = []
        factor, unit = _shown_in(str(rows(finding, headline=name)["unit"].iloc[0]))
        for knob in knobs_of(finding):
            asked = {"headline": name, "knob": knob}
            share = [fact(finding, quantity=q, **asked) for q in SHARES if has_shares(finding)]
            ends = [fact(finding, quantity=q, **asked) for q in ("at_low", "at_high")]
            turned = [fact(finding, quantity=f"turned_at_{q}", **asked) for q in ("low", "high")]
            told = [each.within(0.0, 1.0).percent() if each else "" for each in share]
            # What has no side as it stands leaves none.
            told += [_between(each) if each and name not in sideless else EMPTY for each in turned]
            range_of = re.sub(r"-(?=\d)", MINUS, str(finding.parameters["ranges"][knob]))
            means = [cell(each and each.times(factor)) for each in ends]
            if knob in named(finding):
                means = [
                    f"{mean} ({at})" for mean, at in zip(means, _at(finding, asked), strict=True)
                ]
            shares, turns = told[: len(share)], told[len(share) :]
            lines.append((knob_name(knob), range_of, *shares, *means, *turns))
        bodies.append((f"{sentence(name, stop='')} ({unit})", tuple(lines)))
    shown = ("First-order share", "Total share") if has_shares(finding) else ()
    head = ("Assumption", "Range", *shown, "Mean at its low end")
    return TableView(
        caption=f"What each assumption does to each headline ({percent(level(finding))} intervals)",
        head=(*head, "Mean at its high end", "It turns at the low end", "It turns at the high end"),
        bodies=tuple(bodies),
        words=(0, 1),
        dash="what has no sure side as it stands leaves none",
    )


def _between(turned: Amount) -> str:
    """Return how many settings turn for certain, and how many may."""
    least, most = (Amount(each).percent() for each in (turned.low, turned.high))
    return least if turned.low == turned.high else f"{least} to {most}"


def _at(finding: Finding, asked: dict[str, str]) -> list[str]:
    """Return the names that stand for both ends of a knob."""
    found = [records(rows(finding, quantity=f"at_{q}", **asked))[:1] for q in ("low", "high")]
    return [str(each[0]["at"]) if each else "" for each in found]


def settings_table(finding: Finding) -> TableView:
    """Return a line a setting: what it is, and every headline there."""
    knobs, names = list(finding.parameters["over"]), list(finding.parameters["headlines"])
    units = [_shown_in(str(rows(finding, headline=name)["unit"].iloc[0])) for name in names]
    heads = zip(names, units, strict=True)
    lines = []
    for number in range(int(finding.parameters["settings"]) + 1):
        here = rows(finding, setting=number)
        found = [fact(finding, setting=number, headline=name) for name in names]
        first = records(here.iloc[:1])[0]
        named = "as it stands" if number == 0 else str(number)
        values = [
            cell(each and each.times(factor))
            for each, (factor, _) in zip(found, units, strict=True)
        ]
        lines.append((named, *(cell(first[knob]) for knob in knobs), *values))
    return TableView(
        caption="Every headline at every setting",
        head=(
            "Setting",
            *map(knob_name, knobs),
            *(f"{sentence(name, stop='')} ({unit})" for name, (_, unit) in heads),
        ),
        bodies=(("", tuple(lines)),),
    )
