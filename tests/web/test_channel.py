"""A page is right after any reconnect, and is sent nothing twice."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.web.channel import Channel, Rendered

RUN = "0a1b2c"
NAMES = ("map", "alarms", "record", "timeline")
drawings = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(["<p>1</p>", "<p>2</p>", "<p>\n—\u2028</p>"]) for name in NAMES}),
    min_size=1,
    max_size=12,
)
garbage = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "-", RUN, f"{RUN}-", f"{RUN}--1", f"{RUN}-²", f"{RUN}-1.0", "9f9f9f-1", f"{RUN}-" + "9" * 6000]
    ),
    st.integers(13, 10**20).map(lambda version: f"{RUN}-{version}"),
)


def rendered(sections: Mapping[str, str], now_us: int = 0) -> Rendered:
    """Sections as drawn at a moment."""
    return Rendered(now_us, 1.0, False, dict(sections), lambda position: f"<html>{position}</html>")


def news(message: bytes) -> dict[str, Any]:
    """What an event tells; a browser must read it as one event."""
    head, data, *rest = message.decode().split("\n")
    assert rest == ["", ""]
    told: dict[str, Any] = json.loads(data.removeprefix("data: "))
    assert head == f"id: {told['position']}"
    return told


class Page:
    """What a browser holds: what it was sent last of every section, and the position that it was told."""

    def __init__(self) -> None:
        self.position = ""
        self.sections: dict[str, str] = {}
        self.sent: list[set[str]] = []

    def take(self, channel: Channel, position: str) -> None:
        """Reconnect, naming this position."""
        since = channel.since(position)
        if channel.version > since:
            told = news(channel.message(since))
            self.position = told["position"]
            self.sections |= told["sections"]
            self.sent.append(set(told["sections"]))


@settings(max_examples=200)
@given(data=st.data(), drawn=drawings)
def test_a_page_that_reconnects_at_random_shows_the_latest_drawing(
    data: st.DataObject, drawn: list[dict[str, str]]
) -> None:
    """Against the obvious server, which sends everything always: whatever positions of its own it comes back with."""
    channel, page = Channel(INTERMEDIARY, RUN), Page()
    held: list[tuple[str, dict[str, str]]] = []
    for number, sections in enumerate(drawn):
        channel.publish(rendered(sections, number))
        match data.draw(st.sampled_from(["away", "follows", "earlier", "garbage"])):
            case "away":
                continue
            case "follows":
                page.take(channel, page.position)
            case "earlier" if held:
                # Restored from the browser's history, with what it showed then.
                page.position, page.sections = data.draw(st.sampled_from(held))
                page.sections = dict(page.sections)
                page.take(channel, page.position)
            case _:
                page.take(channel, data.draw(garbage))
        assert page.sections == sections
        held.append((page.position, dict(page.sections)))
    page.take(channel, page.position)
    assert page.sections == drawn[-1]


@settings(max_examples=100)
@given(drawn=drawings)
def test_nothing_is_sent_twice(drawn: list[dict[str, str]]) -> None:
    """A page that follows is sent exactly the sections that differ from the drawing before."""
    channel, page = Channel(INTERMEDIARY, RUN), Page()
    before: dict[str, str] = {}
    for sections in drawn:
        channel.publish(rendered(sections))
        expected = {name for name in NAMES if before.get(name) != sections[name]}
        sent = len(page.sent)
        page.take(channel, page.position)
        assert page.sent[sent:] == ([expected] if expected else [])
        before = sections


def test_a_slow_page_skips_what_is_outdated() -> None:
    """A thousand drawings while it looked away are one message, with the last of each section."""
    channel, page = Channel(INTERMEDIARY, RUN), Page()
    channel.publish(rendered(dict.fromkeys(NAMES, "<p>0</p>")))
    page.take(channel, "")
    for number in range(1000):
        channel.publish(rendered({**page.sections, "map": f"<p>{number}</p>"}))
    page.take(channel, page.position)
    assert page.sent == [set(NAMES), {"map"}]
    assert page.sections["map"] == "<p>999</p>"


def test_a_page_that_reconnects_is_told_the_time_as_it_is_now() -> None:
    """Though no section changed since another page was sent the same news."""
    channel = Channel(INTERMEDIARY, RUN)
    sections = dict.fromkeys(NAMES, "<p>0</p>")
    channel.publish(rendered(sections, 1_000_000))
    assert news(channel.message(0))["now"] == 1_000_000
    channel.publish(rendered(sections, 600_000_000))
    assert news(channel.message(0))["now"] == 600_000_000
    assert b"600000000" in channel.beat()


def test_the_whole_page_names_the_position_that_it_shows() -> None:
    """What it shows is not sent once more when its stream begins."""
    channel = Channel(INTERMEDIARY, RUN)
    with pytest.raises(AssertionError):
        channel.page()
    assert channel.beat() == b": nothing yet\n\n"
    channel.publish(rendered(dict.fromkeys(NAMES, "<p>0</p>")))
    position = channel.page().removeprefix("<html>").removesuffix("</html>")
    assert channel.since(position) == channel.version == 1
    channel.publish(rendered({**dict.fromkeys(NAMES, "<p>0</p>"), "map": "<p>1</p>"}))
    assert channel.page() == f"<html>{RUN}-2</html>"
    assert set(news(channel.message(channel.since(position)))["sections"]) == {"map"}


def test_a_page_that_waits_is_woken_by_news() -> None:
    """At once; and without news after the time that it would wait."""

    async def wait() -> None:
        channel = Channel(INTERMEDIARY, RUN)
        waiting = [asyncio.create_task(channel.wait(0, 60)) for _ in range(3)]
        await asyncio.sleep(0)
        channel.publish(rendered({"map": "<p>1</p>"}))
        assert await asyncio.gather(*waiting) == [True, True, True]
        assert not await channel.wait(1, 0.001)
        woken = asyncio.create_task(channel.wait(1, 60))
        await asyncio.sleep(0)
        channel.publish(rendered({"map": "<p>1</p>"}, 5))
        await asyncio.sleep(0)
        assert not woken.done(), "woken though nothing is new"
        channel.wake()
        assert not await woken

    asyncio.run(wait())
