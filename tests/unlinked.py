"""Numbers in a page's words that lead to no row, for tests."""

import re
from html.parser import HTMLParser

#: Digits that no letter and no digit touches: "F1" and "a12" are names.
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)")
VOID = {"meta", "br", "link", "img", "hr", "input"}
#: What holds no words of the page: code, pictures, cells; titles of folds may not hold links.
ASIDE = {"style", "script", "svg", "pre", "tbody", "thead", "nav", "title", "summary"}
CLASSES = {
    "number",
    "references",
    "question",
    "kicker",
    "said",
    "anchor",
    "constant",
    "cites",
    "cite-this",
}


class Words(HTMLParser):
    """Reads the words of a page, a block at a time, links to cells cut out."""

    def __init__(self):
        super().__init__()
        self.open, self.blocks, self.links = [], [""], 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        classes = set((given.get("class") or "").split())
        aside = tag in ASIDE or bool(classes & CLASSES)
        aside |= tag == "a" and (given.get("href") or "").startswith("#")
        self.links += "cell" in classes
        if tag not in VOID:
            self.open.append(aside)
        if tag in ("p", "li", "figcaption", "summary", "caption", "h2", "h3", "dd", "dt", "div"):
            self.blocks.append("")

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if not any(self.open):
            self.blocks[-1] += data


def hold(module, patch):
    """Let `credit_ml.reports.page` fail on a page with numbers that lead nowhere."""
    presented, with_links, seen = module.presented, module.with_links, []

    def noted(results):
        seen[:] = [results, presented(results)]
        return seen[1]

    def held(page, *given):
        made = with_links(page, *given)
        if given[-1] not in page:
            return made
        names = {name for results in seen for name in names_in(results)}
        found, _ = unlinked(made, names)
        assert not found, f"numbers that lead to no row: {found}"
        return made

    patch.setattr(module, "presented", noted)
    patch.setattr(module, "with_links", held)


def unlinked(page, names=()):
    """Return blocks of words with numbers that lead nowhere; names are no numbers."""
    read = Words()
    read.feed(page)
    told = {" ".join(str(name).split()) for name in names if re.search(r"\d", str(name))}
    told = sorted((name for name in told if re.search(r"[^\W\d]", name)), key=len)
    found = []
    for block in read.blocks:
        text = re.sub(r"(?i)\b(figure|table) \d+", "", " ".join(block.split()))
        # A group whose label is a number: people whose 'SEX' is 1.
        text = re.sub(r"'[^']*' is [\w.]+", "", text)
        if not NUMBER.search(text):
            continue
        for name in reversed(told):
            text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", "", text)
        if NUMBER.search(text):
            found.append(text)
    return found, read.links


def names_in(results):
    """Yield what the study and its findings call things."""
    yield from (results.title, results.question, results.prediction, results.refutation)
    yield from texts(results.settings)
    yield from texts(results.data)
    yield f"'{results.data.get('target')}' is {results.data.get('favourable')}"
    for rater in results.raters:
        yield rater.name
        yield from texts(rater.agency)
    for finding in results.all_findings():
        yield finding.title
        yield from texts(finding.parameters)
        for name in finding.table.columns:
            column = finding.table[name]
            if column.dtype == object or str(column.dtype) == "str":
                yield from (str(each) for each in column.unique())
                yield from (str(each).replace("_", " ") for each in column.unique())
                yield from (re.sub("[-–]", " to ", str(each)) for each in column.unique())
                yield from (str(each).replace("-", "–") for each in column.unique())
                yield from (str(each).replace("+", " and over") for each in column.unique())


def texts(given):
    if isinstance(given, str):
        yield given
    elif isinstance(given, dict):
        for value in given.values():
            yield from texts(value)
    elif isinstance(given, list | tuple):
        for value in given:
            yield from texts(value)
