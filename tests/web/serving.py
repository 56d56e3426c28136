"""A real server on a free port, in a thread, and browsers that ask it."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from tests.app.duty import DEADLINE_S

from safeconduct.app.ports import SystemClock
from safeconduct.app.workspace import Workspace
from safeconduct.cli.serve import listen
from safeconduct.disclosure.clearance import Clearance
from safeconduct.web.access import page_key
from safeconduct.web.pace import Pace, RealTime
from safeconduct.web.running import PageServer
from safeconduct.web.server import Intake, create_app

RUN = "0a1b2c"


class Site:
    """A server at work."""

    def __init__(self, workspace: Workspace, url: str) -> None:
        self.workspace = workspace
        self.url = url

    def browser(self, *clearances: Clearance) -> httpx.Client:
        """A browser that has come by the links of these clearances."""
        browser = httpx.Client(base_url=self.url, timeout=DEADLINE_S, headers={"Accept": "text/html"})
        for clearance in clearances:
            assert browser.get("/enter", params={"key": self.key(clearance)}).status_code == 303
        return browser

    def key(self, clearance: Clearance) -> str:
        """The key of a page's link."""
        return page_key(self.workspace.page_secret(), clearance)


@contextmanager
def serving(workspace: Workspace, pace: Pace | None = None, intake: Intake | None = None) -> Iterator[Site]:
    """Serve a workspace's pages; at the end everything is closed."""
    listening = listen("127.0.0.1", 0)
    server = PageServer(create_app(workspace, pace or RealTime(SystemClock()), RUN, intake))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield Site(workspace, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.handle_exit(signal.SIGTERM, None)
        thread.join(DEADLINE_S)
        assert not thread.is_alive()


class Listener:
    """A page that listens to its stream."""

    def __init__(self, response: httpx.Response) -> None:
        assert response.status_code == 200, response.status_code
        assert response.headers["content-type"].startswith("text/event-stream")
        self._lines = response.iter_lines()
        assert [next(self._lines), next(self._lines)] == ["retry: 1000", ""]

    def event(self) -> dict[str, Any] | None:
        """The next event, with its name as `event`; None at the end of the stream."""
        fields: dict[str, str] = {}
        try:
            while line := next(self._lines):
                name, _, value = line.partition(": ")
                fields[name] = value
        except (StopIteration, httpx.RemoteProtocolError):
            return None
        told: dict[str, Any] = json.loads(fields["data"])
        return told | {"event": fields.get("event", "message")}

    def until_news(self, needle: str) -> dict[str, Any]:
        """The next event one of whose sections holds a text."""
        while event := self.event():
            if any(needle in html for html in event.get("sections", {}).values()):
                return event
        raise AssertionError("the stream ended")

    def to_the_end(self) -> None:
        """Listen until the stream ends."""
        while self.event():
            pass


@contextmanager
def listening(browser: httpx.Client, path: str, after: str = "", header: str = "") -> Iterator[Listener]:
    """Listen to a page's stream, having a position as its address says, or as a browser does that reconnects."""
    headers = {"Last-Event-ID": header} if header else {}
    with browser.stream("GET", path, params={"after": after}, headers=headers) as response:
        yield Listener(response)
