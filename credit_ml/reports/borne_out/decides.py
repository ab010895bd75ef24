"""Which row of what was found decides a claim, in words, for who looks the number up."""

from collections.abc import Callable, Mapping

from credit_ml.grammar.names import (
    group_label,
    knob_name,
    method_name,
    metric_name,
    people_of,
    plain,
    scorer_name,
    sensitive_name,
)
from credit_ml.reports.presented import family_name

#: What stands for everybody, all worlds, or nothing in particular.
_PLAIN = ("", "all", "(all)", "overall")
#: Quantities that say no more than that something was measured.
_BARE = ("value", "component", "difference")


def row_in_words(where: Mapping[str, str], called: Mapping[str, str]) -> str:
    """Return the row that columns and values pick out, without a name of a column or a code.

    Parameters
    ----------
    where : mapping
        Columns and values, and the rater where there is one.
    called : mapping
        What measures and regimes are called on the page.

    Examples
    --------
    >>> row_in_words({"rater": "sesame (opaque)", "factor": "relationships", "sensitive": "hukou",
    ...               "group": "rural", "reference_group": "urban", "method": "true_carrier"}, {})
    'sesame (opaque); friends; truth; rural people less urban people'
    >>> row_in_words({"measure": "auc_change", "regime": "full"}, {"full": "Whole model told"})
    'auc change; whole model told'
    """
    told = {name: value for name, value in where.items() if value not in _PLAIN}
    if where.get("factors") == "(all)":
        told["factors"] = "all"
    group, other = told.pop("group", ""), told.pop("reference_group", "")
    feature = told.pop("sensitive", "")
    parts = [
        words
        for name in sorted(told, key=lambda each: (each != "rater", each == "world"))
        if (words := _part(name, told[name], called))
    ]
    if group and other:
        parts.append(f"{people_of(feature, group)} less {people_of(feature, other)}")
    elif group:
        parts.append(people_of(feature, group) if feature else group_label("", group))
    elif feature:
        parts.append(f"by {sensitive_name(feature)}")
    return "; ".join(parts)


def _part(name: str, value: str, called: Mapping[str, str]) -> str:
    known = called.get(value, "") if name in ("measure", "regime") else ""
    if known:
        return known[:1].lower() + known[1:] if known[1:2].islower() else known
    if name == "quantity":
        return "" if value in _BARE else plain(value)
    say = _SAID.get(name)
    return say(value) if say else f"{plain(name)}: {plain(value)}"


#: How values of a column are said that need no name of the column beside them.
_SAID: Mapping[str, Callable[[str], str]] = {
    "rater": str,
    "factor": family_name,
    "measure": metric_name,
    "method": method_name,
    "scorer": scorer_name,
    "knob": knob_name,
    "factors": lambda value: {"all": "all factors", "(proxies)": "friends and address"}.get(
        value, f"factors: {plain(value)}"
    ),
    "regime": plain,
    "headline": "'{}'".format,
    "world": lambda value: f"world '{plain(value)}'",
}
