"""How findings are put into words and tables: number formats, names, facts, phrases, blocks."""

from credit_ml.grammar.blocks import Card, Drawing, Exhibit, Paragraph, Section, TableView
from credit_ml.grammar.numbers import NARROW, Amount, count, listed, percent, show, spelled
from credit_ml.grammar.phrases import GroupPair, lead_pair, noun_of, pair_of
from credit_ml.grammar.rows import fact, facts, least, level, most, records, rows, values
from credit_ml.grammar.tables import EMPTY, cell, plain_table

__all__ = [
    "EMPTY",
    "NARROW",
    "Amount",
    "Card",
    "Drawing",
    "Exhibit",
    "GroupPair",
    "Paragraph",
    "Section",
    "TableView",
    "cell",
    "count",
    "fact",
    "facts",
    "lead_pair",
    "least",
    "level",
    "listed",
    "most",
    "noun_of",
    "pair_of",
    "percent",
    "plain_table",
    "records",
    "rows",
    "show",
    "spelled",
    "values",
]
