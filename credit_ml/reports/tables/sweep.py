"""Tables of a sweep of disclosure: a row a regime, a table a kind of rater."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import plain, sentence
from credit_ml.grammar.numbers import percent
from credit_ml.grammar.rows import facts, level
from credit_ml.grammar.tables import EMPTY, Rows

ALL = "(all)"
#: Measures of everybody, their heads, and those of the gap between the two groups followed.
SHOWN = {
    "knowledge": "Effects known", "share_who_act": "Act", "share_who_game": "Game",
    "refused_after_acting": "Act, still refused", "harmed": "Worse off",
    "improvement_share": "Actions that improve", "accuracy": "Right decisions",
    "auc": "AUC", "spending": "Spending", "social_burden": "Social burden",
    "welfare": "Welfare",
}  # fmt: skip
GAPS = {
    "selection_gap_after": "Selection gap", "social_gap": "Burden gap",
    "disparate_information_gain": "Gap in gain from information",
}  # fmt: skip
KEYS = ("sees", "variant", "answer", "refits", "scorer", "regime", "world", "against",
        "sensitive", "group", "measure")  # fmt: skip


def sweep_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return levels by kind of rater, what is bought against the whole model, and variants."""
    known, shown = facts(finding, *KEYS), percent(level(finding))
    return (
        _levels(finding, known, "", f"Regimes, in percent, {shown} intervals over societies"),
        _levels(finding, known, "full", "The same less what the whole model gives"),
    )


def _levels(finding: Finding, known: dict, against: str, caption: str) -> TableView:  # type: ignore[type-arg]
    lead = finding.parameters["lead"]
    shown = [(name, head, "overall", "all") for name, head in SHOWN.items()]
    shown += [(name, head, lead["sensitive"], lead["group"]) for name, head in GAPS.items()]
    kinds = list(dict.fromkeys(key[:5] for key in known))
    bodies, filled = [], set()
    for kind in kinds:
        lines = []
        for regime in finding.parameters["regimes"]:
            cells = []
            for name, _, sensitive, group in shown:
                found = known.get((*kind, regime, ALL, against, sensitive, group, name))
                if found is not None and found.known:
                    filled.add(name)
                cells.append(found)
            if any(cell is not None for cell in cells):
                lines.append((regime, cells))
        bodies.append((kind, lines))
    head = [(name, title) for name, title, *_ in shown if name in filled]
    return TableView(
        caption=caption,
        head=("Told", *(title for _, title in head)),
        bodies=tuple(
            (_kind(kind), _texts(lines, [name for name, *_ in shown], {n for n, _ in head}))
            for kind, lines in bodies if lines
        ),
    )  # fmt: skip


def _texts(lines: list, names: list[str], kept: set[str]) -> Rows:  # type: ignore[type-arg]
    return tuple(
        (
            sentence(plain(regime), stop=""),
            *(
                EMPTY if found is None or not found.known else found.times(100).text()
                for name, found in zip(names, cells, strict=True) if name in kept
            ),
        )
        for regime, cells in lines
    )  # fmt: skip


def _kind(kind: tuple[str, ...]) -> str:
    sees, variant, answer, refits, scorer = kind
    parts = [f"{answer} {plain(scorer)} score"]
    parts.append("one shot" if refits == "0" else f"refitted {refits} times")
    parts += [] if sees == "all" else [f"sees {sees}"]
    parts += [] if variant == "default" else [variant]
    return sentence(", ".join(parts), stop="")
