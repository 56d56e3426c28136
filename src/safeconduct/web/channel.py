"""What the pages at one clearance show now, in sections with versions, and the messages that bring a page up to date.

A page tells the version that it has; it is sent every section that changed since, in one message. A version of another
run of the server, or of the future, counts as none: then everything is sent. So a page is right after any reconnect,
and a slow one skips what is outdated already. Lives on the server's event loop.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safeconduct.disclosure.clearance import Clearance

_DIGITS = 15
"""Of a version at most: Python refuses to read numbers of thousands of digits."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Everything that a page at a clearance shows, drawn at one moment."""

    now_us: int
    speed: float
    """Seconds of the record's time that pass in one."""
    paused: bool
    sections: Mapping[str, str]
    """HTML of each section by the id of its element."""
    page: Callable[[str], str]
    """Draws the whole page, for whoever opens it now, at the position that it is given."""


class Channel:
    """The pages at one clearance."""

    def __init__(self, clearance: Clearance, run: str) -> None:
        self.clearance = clearance
        self.listeners = 0
        """Pages that are open now."""
        self.drawings = 0
        """How often it was drawn; it stands still where the ledger cannot be followed."""
        self._run = run
        self._version = 0
        self._changed_at: dict[str, int] = {}
        self._rendered: Rendered | None = None
        self._page: str | None = None
        self._news = asyncio.Event()
        self._messages: dict[int, bytes] = {}

    def publish(self, rendered: Rendered) -> None:
        """Take what is shown from now on, and wake the pages if any of it is new to them."""
        before = self._rendered
        self._rendered, self._page = rendered, None
        self.drawings += 1
        # Also where no section is new: a message tells the time, which a page that reconnects takes as its own.
        self._messages.clear()
        changed = [
            name for name, html in rendered.sections.items() if before is None or before.sections.get(name) != html
        ]
        if not changed:
            return
        self._version += 1
        self._changed_at |= dict.fromkeys(changed, self._version)
        self.wake()

    def wake(self) -> None:
        """Wake the pages though there is no news."""
        self._news.set()
        self._news = asyncio.Event()

    @property
    def version(self) -> int:
        """Of what is shown now; 0 while nothing has been drawn."""
        return self._version

    def page(self) -> str:
        """The whole page as of now."""
        if self._rendered is None:
            raise AssertionError("asked for a page before anything was drawn")
        if self._page is None:
            self._page = self._rendered.page(f"{self._run}-{self._version}")
        return self._page

    def since(self, position: str) -> int:
        """The version that a page has by its own word; 0 if that is not a version of this run."""
        run, _, text = position.rpartition("-")
        if run != self._run or not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
            return 0
        version = int(text)
        return version if version <= self._version else 0

    def message(self, since: int) -> bytes:
        """The event that brings a page from a version up to now."""
        message = self._messages.get(since)
        if message is None:
            rendered = self._rendered
            if rendered is None:
                raise AssertionError("asked for news before anything was drawn")
            sections = {name: html for name, html in rendered.sections.items() if self._changed_at[name] > since}
            body = self._state(rendered) | {"position": f"{self._run}-{self._version}", "sections": sections}
            data = json.dumps(body, ensure_ascii=False)
            message = self._messages[since] = f"id: {body['position']}\ndata: {data}\n\n".encode()
        return message

    def beat(self) -> bytes:
        """The event that tells a page, when there is no news, that it is still connected."""
        if self._rendered is None:
            return b": nothing yet\n\n"
        return f"event: beat\ndata: {json.dumps(self._state(self._rendered))}\n\n".encode()

    async def wait(self, since: int, seconds: float) -> bool:
        """Wait for something newer than a version, until woken; whether there is anything newer."""
        news = self._news
        if self._version > since:
            return True
        try:
            async with asyncio.timeout(seconds):
                await news.wait()
        except TimeoutError:
            pass
        return self._version > since

    @staticmethod
    def _state(rendered: Rendered) -> dict[str, object]:
        return {"now": rendered.now_us, "speed": rendered.speed, "paused": rendered.paused}
