"""How a report can be made again: command, seed, digests, versions, and every parameter."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import marked
from credit_ml.grammar.numbers import percent, show
from credit_ml.grammar.tables import cell
from credit_ml.reports.citation import commit_text


def command(results: StudyResults) -> str:
    """Return the command line that makes the report again."""
    given = results.provenance.get("command")
    return str(given) if given else f"credit-ml run experiments/{results.id}.toml"


def facts_table(results: StudyResults) -> TableView:
    """Return what identifies the run: the data, the seed and the digests."""
    data, made = results.data, results.provenance
    version, licence = (made.get("versions") or {}).get("credit-ml"), _licence()
    named: dict[str, Any] = {
        "Data": data.get("name"),
        "People": _whole(data.get("people")),
        "Weights": data.get("weights"),
        "Sum of weights": data.get("sum_of_weights"),
        "Features": _whole(data.get("features")),
        "Outcome kept": None if "favourable" in data else _rate(data),
        "Favourable outcome": _rate(data, "{target} is {favourable}, ")
        if "favourable" in data
        else None,
        "Digest of the data": data.get("digest"),
        "Digest of the configuration": made.get("configuration") or made.get("digest"),
        "Seed": made.get("seed"),
        "Version": f"credit_ml {version}" if version else None,
        "Commit": commit_text(results),
        "Date of the commit": (made.get("code") or {}).get("date"),
        "Licence": f"{licence} (credit_ml; the data has its own)" if licence else None,
    }
    known = {"name", "people", "features", "outcome_rate", "digest", "kind"}
    known |= {"weights", "sum_of_weights", "target", "favourable", "carriers", "reading"}
    named |= {key: value for key, value in data.items() if key not in known}
    lines = tuple((name, _shown(value)) for name, value in named.items() if value is not None)
    return _view("What was run", "What", "Value", lines)


def _licence() -> str:
    """Return what the package may be used under, where it is installed and says so."""
    try:
        return str(metadata("credit-ml")["License-Expression"] or "")
    except PackageNotFoundError:
        return ""


def versions_table(results: StudyResults) -> TableView:
    """Return the versions of everything that can change a number."""
    found = results.provenance.get("versions") or {}
    lines = tuple((str(name), str(version)) for name, version in sorted(found.items()))
    return _view("Versions", "Package", "Version", lines)


def parameters_tables(results: StudyResults) -> tuple[TableView, ...]:
    """Return every parameter of the study, the world and the agencies, one a row."""
    agencies = {
        str(rater.agency.get("id", rater.id)): rater.agency
        for rater in results.raters
        if rater.agency
    }
    parts: dict[str, Any] = {"Settings of the study": results.settings}
    if results.world:
        parts["Parameters of the world"] = results.world
    parts |= {f"Description of the agency {name}": given for name, given in agencies.items()}
    shown = {
        caption: tuple((path, _shown(value)) for path, value in flat(given))
        for caption, given in parts.items()
    }
    return tuple(_view(name, "Parameter", "Value", lines) for name, lines in shown.items() if lines)


def _rate(data: Mapping[str, Any], before: str = "") -> str | None:
    rate = data.get("outcome_rate")
    return None if rate is None else before.format_map(data) + percent(rate)


def _view(caption: str, name: str, value: str, lines: tuple[tuple[str, str], ...]) -> TableView:
    return TableView(caption=caption, head=(name, value), bodies=(("", lines),), words=(0, 1))


def flat(given: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names and values of nested settings.

    Examples
    --------
    >>> list(flat({"a": {"b": 1}, "c": [2, {"d": 3}]}))
    [('a.b', 1), ('c.1', 2), ('c.2.d', 3)]
    """
    if isinstance(given, Mapping):
        for key, value in given.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif _is_list(given) and not all(isinstance(value, str) for value in given):
        for place, value in enumerate(given, start=1):
            yield from flat(value, f"{path}.{place}")
    else:
        yield path, given


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str)


def _shown(value: Any) -> str:
    if _is_list(value):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(each)}" for key, each in value.items())
    # A seed or a year is a name, not an amount, so whole numbers stay as they were given.
    return marked(str(value), value) if isinstance(value, int) else cell(value)


def _whole(value: Any) -> str | None:
    return None if value is None else show(value)
