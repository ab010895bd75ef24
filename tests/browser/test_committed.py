"""Committed pages in a browser: no label too small, cut off or covered; nothing is asked for."""

from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "reports").glob("*.html"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_label_of_a_committed_page_can_be_read(opened, path, width):
    with opened(path, width) as there:
        if there.page.locator(".plot:not(.two):not(.middle)").count():
            pytest.skip("written before every picture had a narrow form: run its study again")
        there.unfold()
        assert there.overflow <= 0
        assert there.clashes() == []
        assert there.small() == []
        assert there.messages == []
        assert there.requests == []
