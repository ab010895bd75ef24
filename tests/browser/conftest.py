"""Pages in a real browser: opened from disk, watched for messages, requests and axe's complaints.

Skipped where Playwright, axe or a Chromium is absent: `pip install --group browser`, and the
system's own browser.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

#: What a Chromium may be called.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A telephone and a desk, by day and by night.
SCREENS = tuple((width, scheme) for width in (390, 1280) for scheme in ("light", "dark"))

#: Labels outside their picture by more than two pixels, and pairs that cover each other.
CLASHES = """() => {
  const found = [];
  for (const svg of document.querySelectorAll(".plot svg")) {
    const box = svg.getBoundingClientRect();
    if (!box.width) continue;
    const name = svg.closest("figure").id;
    const texts = [...svg.querySelectorAll("text")]
      .map(each => [each.textContent, each.getBoundingClientRect()])
      .filter(([, at]) => at.width);
    texts.forEach(([text, at], place) => {
      if (at.left < box.left - 4 || at.right > box.right + 4) found.push(`${name} cuts ${text}`);
      for (const [other, by] of texts.slice(place + 1)) {
        const across = Math.min(at.right, by.right) - Math.max(at.left, by.left);
        const down = Math.min(at.bottom, by.bottom) - Math.max(at.top, by.top);
        if (across > 2 && down > 0.35 * Math.min(at.height, by.height))
          found.push(`${name}: ${text} / ${other}`);
      }
    });
  }
  return found;
}"""


#: Pixels of the smallest letters of a picture that a reader is asked to read.
SMALLEST = 11
#: Pictures with smaller letters as they stand on the screen, and the smallest of each.
SMALL = """least => [...document.querySelectorAll(".plot svg")]
  .filter(svg => svg.getBoundingClientRect().width)
  .flatMap(svg => {
    const by = svg.getScreenCTM().a;
    const sizes = [...svg.querySelectorAll("text")]
      .map(each => [parseFloat(getComputedStyle(each).fontSize) * by, each.textContent])
      .filter(([size]) => size < least);
    sizes.sort(([one], [other]) => one - other);
    return sizes.slice(0, 1).map(
      ([size, text]) => `${svg.closest("figure").id}: ${text} in ${size.toFixed(1)} px`);
  })"""


#: Pixels of the smallest number on an axis, on a telephone too.
LEAST_NUMBER = 11
#: Pictures with smaller numbers as they stand on the screen: texts without a letter.
NUMBERS = """least => [...document.querySelectorAll(".plot svg")]
  .filter(svg => svg.getBoundingClientRect().width)
  .flatMap(svg => {
    const by = svg.getScreenCTM().a;
    return [...svg.querySelectorAll("text")]
      .filter(each => /\\d/.test(each.textContent) && !/\\p{L}/u.test(each.textContent))
      .map(each => [parseFloat(getComputedStyle(each).fontSize) * by, each.textContent])
      .filter(([size]) => size < least)
      .slice(0, 1)
      .map(([size, text]) => `${svg.closest("figure").id}: ${text} in ${size.toFixed(1)} px`);
  })"""


@dataclass(kw_only=True)
class Opened:
    """A page that is open, and what happened while it was."""

    page: Any
    axe: Any
    messages: list[str] = field(default_factory=list)
    """What it wrote to the console, errors and dialogs included."""
    requests: list[str] = field(default_factory=list)
    """What it asked for beside itself."""

    def unfold(self) -> None:
        """Open every fold."""
        self.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    def violations(self) -> list[str]:
        """What axe finds, with the element and the reason."""
        found = self.axe.run(self.page).response["violations"]
        return [
            f"{each['id']}: {node['html'][:200]} ({node['failureSummary']})"
            for each in found
            for node in each["nodes"]
        ]

    def clashes(self) -> list[str]:
        """Labels of pictures that are cut off, or run into each other."""
        return list(self.page.evaluate(CLASHES))

    def small(self) -> list[str]:
        """Pictures whose letters are too small to read on this screen."""
        return list(self.page.evaluate(SMALL, SMALLEST))

    def small_numbers(self) -> list[str]:
        """Pictures whose numbers are too small to read on this screen."""
        return list(self.page.evaluate(NUMBERS, LEAST_NUMBER))

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        root = "document.documentElement"
        return int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a browser, or skip the test."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("there is no Chromium here")
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=alone)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium):
    """Open a file on a screen of some width, by day or by night."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    @contextmanager
    def opening(path: Path, width: int = 1280, scheme: str = "light", **more) -> Iterator[Opened]:
        screen = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        context = chromium.new_context(**screen, **more)
        page = context.new_page()
        found = Opened(page=page, axe=axe)

        def asked(dialog) -> None:
            found.messages.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        own = path.resolve().as_uri()
        page.on("console", lambda message: found.messages.append(message.text))
        page.on("pageerror", lambda error: found.messages.append(str(error)))
        page.on("dialog", asked)
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(own)
        found.requests[:] = [each for each in found.requests if each.partition("#")[0] != own]
        try:
            yield found
        finally:
            context.close()

    return opening
