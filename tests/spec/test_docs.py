"""Pages with code are true: every block runs, in order, and says what is printed below it."""

import doctest
import re

import pytest

#: Pages whose blocks are examples (``>>>``); others show fragments.
PAGES = ("strategic",)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_its_code_does(repository, page):
    path = repository / "docs" / f"{page}.md"
    text = path.read_text(encoding="utf-8")
    # A fence would be read as what the line above it prints.
    plain = re.sub(r"^```.*$", "", text, flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(plain, {}, page, str(path), 0)
    assert examples.examples
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    said = []
    runner.run(examples, out=said.append)
    assert not said, "".join(said)
