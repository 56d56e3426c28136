"""From a report posted to that report seen: `uv run python benchmarks/live.py [--pages N] [--rate N] [--seconds N]`.

A server serves an exchange of 200 persons on its day, with the watch at work. Reports are posted one by one; all pages
follow, one of them in Chromium. A report counts as seen when that page shows a record of the size that the report made;
the delay is from the moment before it was sent. Beside it: how long 200 pages opened at once take to be right.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright

from safeconduct.app.ports import SystemClock
from safeconduct.app.workspace import create_workspace
from safeconduct.kernel.times import DAY_US, format_instant, to_datetime
from safeconduct.logistics.plan import Plan
from safeconduct.registry.reconciling import Interview
from safeconduct.sim.desk import Desk, SeededRandomness, SetClock
from safeconduct.sim.example import make_example
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.preparing import prepare
from safeconduct.sim.seeds import stream

CLOCK = SystemClock()
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
WATCH_SIZE = """
() => {
  window.seen = [];
  const note = () => {
    const text = document.querySelector("#record strong").textContent.replaceAll(",", "");
    window.seen.push([Date.now(), Number(text)]);
  };
  const all = {subtree: true, childList: true, characterData: true};
  new MutationObserver(note).observe(document.querySelector("main"), all);
  note();
}
"""


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50, help="open at the same time, one of them in a browser")
    parser.add_argument("--rate", type=int, default=200, help="reports a second")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--persons", type=int, default=200, help="of both sides together")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        plan = prepared_day(Path(name), arguments.persons // 2)
        command = [sys.executable, "-m", "safeconduct.cli.main", "serve", "--workspace", name, "--port", "0", "--json"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            told = json.loads(server.stdout.readline())
            asyncio.run(measure(told, plan, arguments))
        finally:
            server.terminate()
            server.wait()


def prepared_day(folder: Path, persons_a_side: int, days_from_now: int = 0) -> Plan:
    """A workspace with a plan, for today or so many days on, that both parties approved."""
    example = make_example(1, persons_a_side)
    day = to_datetime(CLOCK.now_us() + days_from_now * DAY_US).date().isoformat().encode()
    files = {
        name: content.replace(b"2025-07-04", day) if name.endswith(".toml") else content
        for name, content in example.files.items()
    }
    randomness = SeededRandomness(stream(1, "keys"))
    desk = Desk(create_workspace(folder, "istanbul-2025-06-02", "NI", randomness), SetClock(0), randomness)
    interviews = {ref: Interview(*heard) for ref, heard in example.interviews().items()}
    prepared = prepare(desk, files, interviews, Narrator())
    desk.close()
    return prepared.plan


async def measure(told: dict[str, Any], plan: Plan, arguments: argparse.Namespace) -> None:
    """Open the pages, post the reports, and compare."""
    link = told["links"]["intermediary"]
    server = Server.at(link)
    await opened_at_once(server, 200)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await page.goto(link)
        followers = [asyncio.create_task(follow(server)) for _ in range(arguments.pages - 1)]
        await asyncio.sleep(5)  # the first judgements and their alarms
        await page.evaluate(WATCH_SIZE)
        posted = await post(server, plan, arguments.rate, arguments.seconds)
        await asyncio.sleep(2)
        report(posted, await seen_by(page), arguments)
        assert not any(follower.done() for follower in followers), "a stream ended"
        for follower in followers:
            follower.cancel()
        await browser.close()


@dataclass(frozen=True)
class Server:
    """Where to ask, and with which key. HTTP by hand: a client library would take more of two cores than the server."""

    host: str
    port: int
    key: str

    @classmethod
    def at(cls, link: str) -> "Server":
        """Of the link to the intermediary's page."""
        parts = urlsplit(link)
        assert parts.hostname is not None
        assert parts.port is not None
        return cls(parts.hostname, parts.port, parts.query.removeprefix("key="))

    def get(self, path: str) -> bytes:
        """A request for a page."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: safeconduct-intermediary={self.key}\r\n\r\n"
        return head.encode()

    def post(self, body: bytes) -> bytes:
        """A request that brings reports."""
        head = (
            f"POST /events HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection."""
        return await asyncio.open_connection(self.host, self.port, limit=1 << 22)


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The body of an answer, which must be a good one."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 OK" in head.partition(b"\r\n")[0], head
    length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


async def opened_at_once(server: Server, count: int) -> None:
    """So many pages opened in the same moment, each with its stream up to the first news."""

    async def open_one() -> float:
        begun = time.perf_counter()
        reader, writer = await server.open()
        writer.write(server.get("/view/intermediary"))
        assert b"</html>" in await answer(reader)
        writer.write(server.get("/view/intermediary/stream"))
        await reader.readuntil(b"data: ")
        writer.close()
        return time.perf_counter() - begun

    seconds = sorted(await asyncio.gather(*(open_one() for _ in range(count))))
    half = statistics.median(seconds)
    print(f"{count} pages opened at once: half are right after {half:.2f} s, all after {seconds[-1]:.2f} s")


async def follow(server: Server) -> None:
    """A page without a browser: hears all news and does nothing with them."""
    reader, writer = await server.open()
    writer.write(server.get("/view/intermediary/stream"))
    while await reader.read(1 << 20):
        pass


async def post(server: Server, plan: Plan, rate: int, seconds: int) -> list[tuple[float, float, int]]:
    """Post reports one by one at a steady rate: of each when it was sent and answered, and the size it made."""
    done: list[tuple[float, float, int]] = []
    random = Random(1)
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(64):
        idle.put_nowait(await server.open())

    async def post_one(line: bytes) -> None:
        sent = CLOCK.now_us() / 1e6
        reader, writer = await idle.get()
        writer.write(server.post(line))
        size = json.loads(await answer(reader))["size"]
        done.append((sent, CLOCK.now_us() / 1e6, size))
        idle.put_nowait((reader, writer))

    begun, tasks = time.perf_counter(), []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        line = {
            "id": f"seen-{number}",
            "type": "positioned",
            "at": format_instant(CLOCK.now_us()),
            "vehicle": random.choice(plan.vehicles).id,
            "position": [round(30 + 3 * random.random(), 5), round(51 + 2 * random.random(), 5)],
        }
        tasks.append(asyncio.create_task(post_one(json.dumps(line).encode())))
    await asyncio.gather(*tasks)
    return done


async def seen_by(page: Page) -> list[tuple[float, int]]:
    """When the browser's page showed which size of the record."""
    return [(at_ms / 1000, size) for at_ms, size in await page.evaluate("window.seen")]


def report(
    posted: Sequence[tuple[float, float, int]], seen: Sequence[tuple[float, int]], arguments: argparse.Namespace
) -> None:
    """Print how long reports took to be durable, and to be seen."""
    delays = []
    for sent, _, size in posted:
        delays.append(next(at for at, shown in seen if shown >= size) - sent)
    answered = sorted(then - sent for sent, then, _ in posted)
    delays.sort()
    print(
        f"{os.cpu_count()} cores, {arguments.pages} pages, {arguments.rate} reports/s for {arguments.seconds} s: "
        f"seen after p50 {at_share(delays, 0.5) * 1000:.0f} ms, p99 {at_share(delays, 0.99) * 1000:.0f} ms, "
        f"at most {delays[-1] * 1000:.0f} ms; durable after p50 {at_share(answered, 0.5) * 1000:.1f} ms, "
        f"p99 {at_share(answered, 0.99) * 1000:.1f} ms"
    )


def at_share(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of them lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main()
