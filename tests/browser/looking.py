"""A page in Chromium, watched for what must never happen: a request elsewhere, a forbidden source, a script's fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

TIMEOUT_MS = 20_000
"""For a condition to come true, on a machine that is busy."""
DESKTOP = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 700}

_REACHED = """([size, timeout]) => new Promise((done, fail) => {
  const begun = Date.now();
  const look = () => {
    const shown = Number(document.querySelector("#record strong").textContent.replaceAll(",", ""));
    if (shown >= size) done(Date.now());
    else if (Date.now() - begun > timeout) fail(new Error(`the page shows ${shown} entries, not ${size}`));
    else setTimeout(look, 10);
  };
  look();
})"""

expect.set_options(timeout=TIMEOUT_MS)


class Eyes:
    """Opens pages in one browser, and remembers what was wrong with any of them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.wrong: list[str] = []

    @contextmanager
    def context(self, **options: Any) -> Iterator["Eyes.Window"]:
        """A browser's profile of its own: cookies, size, preferences."""
        context = self._browser.new_context(**{"viewport": DESKTOP, **options})
        context.set_default_timeout(TIMEOUT_MS)
        try:
            yield Eyes.Window(self, context.new_page)
        finally:
            context.close()

    class Window:
        """Pages that share cookies."""

        def __init__(self, eyes: "Eyes", new_page: Any) -> None:
            self._eyes = eyes
            self._new_page = new_page

        def open(self, address: str, *, live: bool = True) -> Page:
            """A page at an address; `live` waits until it hears the server."""
            page: Page = self._new_page()
            host = urlsplit(address).netloc
            wrong = self._eyes.wrong

            def asked(request: Request) -> None:
                if urlsplit(request.url).netloc != host:
                    wrong.append(f"asked for {request.url}")

            def told(message: ConsoleMessage) -> None:
                if "Content Security Policy" in message.text:
                    wrong.append(message.text)

            page.on("request", asked)
            page.on("console", told)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(address)
            if live:
                expect(page.locator("#link-words")).to_have_text("live")
            return page


def record_size(page: Page) -> int:
    """How many entries the record has, as the page says."""
    return int(page.locator("#record strong").inner_text().replace(",", ""))


def shown_at_ms(page: Page, size: int) -> int:
    """Wait until the page shows a record of at least this size; when it did, in milliseconds since 1970."""
    at_ms: int = page.evaluate(_REACHED, [size, TIMEOUT_MS])
    return at_ms


def count(page: Page, row: str, side: int) -> int:
    """A number of the table of persons: its row (`aboard`, `handed-over`…), and side 0 or 1."""
    return int(page.locator(f"tr.count-{row} .count-number").nth(side).inner_text())


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
