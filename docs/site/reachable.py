"""What the theme leaves out for who reads with a keyboard or a screen reader.

The captions of its sidebar are headings without a level, and its two sidebars are landmarks without
a name. What scrolls is `_static/reach.js`'s part, as only the browser knows what does.
"""

from pathlib import Path

#: What the theme writes, and what stands in its place.
MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
}


def reachable(html: str) -> str:
    """Return a page with levels and names where the theme has none."""
    for said, meant in MENDED.items():
        html = html.replace(said, meant)
    return html


def setup(app: object) -> dict[str, bool]:
    """Mend every page once all are written."""
    app.connect("build-finished", _mended)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _mended(app: object, failed: Exception | None) -> None:
    for page in Path(app.outdir).rglob("*.html"):  # type: ignore[attr-defined]
        page.write_text(reachable(page.read_text(encoding="utf-8")), encoding="utf-8")
