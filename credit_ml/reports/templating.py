"""An instrument's words: blocks of its template, rendered with what the study found.

A template lies beside its instrument and is text with the facts put in. Blank lines part
paragraphs, and so does a line that begins with ``**Words.**``, in bold; ``- `` begins a point of a
list; lines and spaces may stand as they read best, for they are joined. What templates may call is
`GRAMMAR`, and ``facts``: the module ``facts.py`` beside the template, if there is one.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from credit_ml.core import Finding, Instrument, RaterResults, StudyResults, instruments
from credit_ml.grammar import cited, names, numbers, phrases, rows
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.numbers import listed

if TYPE_CHECKING:
    from jinja2 import Environment, Template

#: Stands where an expression says nothing, until the text is joined.
_NOTHING = "\ue000"
#: The page's own package.
_HOME = "credit_ml.reports"
#: A finding with the rater that it is about; None for those across raters.
Found = Sequence[tuple[RaterResults | None, Finding]]

#: What templates may call: every public function and class of the grammar.
GRAMMAR: dict[str, Any] = {
    name: each
    for module in (names, numbers, phrases, rows)
    for name, each in vars(module).items()
    if getattr(each, "__module__", "") == module.__name__ and not name.startswith("_")
}


def tidy(text: str) -> str:
    r"""Join lines and spaces as prose does.

    Examples
    --------
    >>> tidy("one,\n  two  ; three .")
    'one, two; three.'
    """
    joined = re.sub(r"[ \t\r\n]+", " ", text.replace(_NOTHING, "")).strip()
    return re.sub(r" ([,.;:!?)])", r"\1", joined)


def listing(parts: str | Sequence[str]) -> str:
    """Join the parts of a sentence: those of a list, or of a text that ``|`` parts.

    Examples
    --------
    >>> listing(["address", "friends"]), listing("address | friends | ")
    ('address and friends', 'address and friends ')
    """
    text = isinstance(parts, str)
    several = parts.split("|") if isinstance(parts, str) else parts
    made = listed([each for each in map(tidy, several) if each])
    # A block swallows the line break behind it.
    return f"{made} " if text and made else made


def sentence(text: str) -> str:
    """Give a clause, whatever its line breaks, its capital, its full stop and a space."""
    made = names.sentence(tidy(str(text)))
    return f"{made} " if made else ""


def capital(text: str) -> str:
    """Give a clause its capital."""
    return names.sentence(tidy(str(text)), stop="")


def block(
    instrument: Instrument, name: str, results: StudyResults, found: Found, **more: Any
) -> str | None:
    """Render one block of an instrument's template; None where it has no template or block."""
    template = _template(instrument)
    if template is None or name not in template.blocks:
        return None
    rater, finding = found[0] if found else (None, None)
    own = {"found": found, "rater": rater, "finding": finding, "facts": _facts(instrument.home)}
    return _rendered(template, name, results, {**own, **more})


def page_block(name: str, results: StudyResults, **more: Any) -> str:
    """Render one block of the page's own words."""
    template = _environment().get_template(f"{_HOME}:templates/page.md.j2")
    return _rendered(template, name, results, {"facts": _facts(_HOME), **more})


def _rendered(
    template: "Template", name: str, results: StudyResults, own: Mapping[str, Any]
) -> str:
    told = {
        "results": results,
        "noun": phrases.noun_of(results),
        "outcome": names.outcome_words(simulated=results.simulated),
        "pair": phrases.lead_pair(results),
        "say": partial(said, results),
        **own,
    }
    context = template.new_context(told)
    # What the template sets above its blocks is run once; blocks alone would not see it.
    context.blocks = {each: [_nothing] for each in template.blocks}
    for _ in template.root_render_func(context):
        pass
    context.blocks = {each: [render] for each, render in template.blocks.items()}
    return as_shown("".join(template.blocks[name](context)), results)


def as_shown(text: str, results: StudyResults) -> str:
    """Return words with the marks of their numbers for a page, whose rows are numbered, alone."""
    numbered = any(cited.ROW in each.table.columns for each in results.all_findings())
    return text if numbered else cited.unmarked(text)


def said(results: StudyResults, instrument: str, name: str = "paragraphs") -> str:
    """Return what an instrument's template says of a study's findings, in one line.

    Parameters
    ----------
    results : StudyResults
    instrument : str
        Its id.
    name : str
        Block of the template.

    Returns
    -------
    str
        Empty where the study has no finding of that instrument, or the template no such block.

    Examples
    --------
    >>> said(StudyResults(id="empty", title="Nothing yet"), "contagion")
    ''
    """
    one = instruments()[instrument]
    found = found_by(one, results)
    return tidy(block(one, name, results, found) or "") if found else ""


def found_by(instrument: Instrument, results: StudyResults) -> Found:
    """Return an instrument's findings, each with its rater."""
    return [each for kind in instrument.kinds for each in results.of_kind(kind)]


def paragraphs(text: str) -> list[Paragraph]:
    r"""Read a block as paragraphs; one that says nothing is left out.

    Examples
    --------
    >>> paragraphs("**Size.** It is\nlarge.\n\n**None.** ")
    [Paragraph(text='It is large.', lead='Size.', cites=(), items=())]
    """
    read = (_paragraph(part) for part in re.split(r"\n[ \t]*\n|\n(?=[ \t]*\*\*)", text))
    return [each for each in read if each.text or each.items]


def _paragraph(part: str) -> Paragraph:
    head, *points = re.split(r"(?m)^[ \t]*- ", part)
    lead, rest = _lead(head)
    items = tuple(Paragraph(lead=start, text=tidy(words)) for start, words in map(_lead, points))
    return Paragraph(lead=lead, text=tidy(rest), items=items)


def _lead(text: str) -> tuple[str, str]:
    opening = re.match(r"\s*\*\*(.+?)\*\*", text, re.DOTALL)
    return (tidy(opening[1]), text[opening.end() :]) if opening else ("", text)


def _nothing(context: object) -> Iterator[str]:
    return iter(())


@cache
def _template(instrument: Instrument) -> "Template | None":
    if not instrument.template or not instrument.home:
        return None
    if not files(instrument.home).joinpath(instrument.template).is_file():
        return None
    return _environment().get_template(f"{instrument.home}:{instrument.template}")


@cache
def _facts(home: str) -> ModuleType | None:
    return import_module(f"{home}.facts") if find_spec(f"{home}.facts") else None


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from credit_ml.reports.templates.kept import kept_templates

    made = Environment(
        loader=FunctionLoader(_source),
        bytecode_cache=kept_templates(),
        extensions=[_constants()],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finished,
        autoescape=False,  # the page escapes all of it
    )
    made.globals |= GRAMMAR | {"NARROW": numbers.NARROW, "exp": _exp, "over": phrases.OVER}
    made.globals |= {"constants": cited.constants, "marked": cited.marked}
    made.globals["ASSUMED"] = phrases.ASSUMED
    made.filters |= _FILTERS
    return made


def _exp(value: float) -> Any:
    return cited.cited(math.exp(value), getattr(value, "row", None))


def _constants() -> type:
    """Return what marks the numbers of a template's own text as such: they are in no table."""
    from jinja2.ext import Extension
    from jinja2.lexer import Token, TokenStream

    class Constants(Extension):
        def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
            for token in stream:
                data = token.type == "data"
                yield token._replace(value=cited.constants(token.value)) if data else token

    return Constants


def _finished(value: object) -> object:
    """Return what an expression says so that none of it parts paragraphs by chance.

    A macro's last line break is none of the text, and a line that says nothing is no empty line.
    """
    from jinja2 import StrictUndefined, Undefined

    if isinstance(value, Undefined) and not isinstance(value, StrictUndefined):
        return _NOTHING
    return (
        value.strip("\n") or _NOTHING if isinstance(value, str) else cited.marked(str(value), value)
    )


def _source(name: str) -> tuple[str, str, Callable[[], bool]]:
    home, _, file = name.partition(":")
    place = files(home).joinpath(file)
    return place.read_text(encoding="utf-8"), str(place), lambda: True


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "length": cited.counted,
    **{name: GRAMMAR[name] for name in ("factor_name", "plain", "show", "spelled")},
    **{each.__name__: each for each in (capital, sentence, tidy)},
    "listed": listing,
    "with_level": lambda text, level: phrases.with_level(tidy(text), level),
}
