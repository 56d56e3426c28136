"""`safeconduct serve` in a process of its own: killed, told to stop, and its watch killed."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.app.duty import DEADLINE_S, PREMATURE, entries, eve, line, reported, wait_until
from tests.app.small_exchange import EXCHANGE, at

from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.cli.serve import listen
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.exchange.entries import DECODER
from safeconduct.tracking.entries import Alarm
from safeconduct.web.access import page_link
from safeconduct.web.page_process import PageProcess
from safeconduct.web.simulated_time import SimulatedTime


class Server:
    """`safeconduct serve` in a process of its own."""

    def __init__(self, workspace: Workspace) -> None:
        command = [sys.executable, "-m", "safeconduct.cli.main", "serve", "--port", "0", "--json", "--workspace"]
        self.process = subprocess.Popen(
            [*command, str(workspace.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline())
        told = self.told
        self.url: str = told["url"]
        self.client = httpx.Client(base_url=self.url, timeout=DEADLINE_S)
        self.key = told["links"]["intermediary"].partition("key=")[2]

    def post(self, lines: bytes) -> dict[str, Any]:
        """Post reports. Raises HTTPError where there is no answer."""
        answer = self.client.post("/events", content=lines, headers={"Authorization": f"Bearer {self.key}"})
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def watch(self) -> list[int]:
        """The processes in which it judges."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [int(pid) for one in children for pid in one.read_text().split()]
        found = []
        for pid in pids:
            with suppress(FileNotFoundError, ProcessLookupError):  # ended meanwhile
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def end(self) -> str:
        """Wait for its end; what it said on standard error."""
        return self.process.communicate(timeout=DEADLINE_S)[1]

    def stop(self) -> None:
        """Let it come to its end."""
        self.process.send_signal(signal.SIGTERM)
        self.end()

    def killed_and_started_again(self, workspace: Workspace) -> "Server":
        """Kill it; another over the same ledger."""
        self.process.kill()
        self.end()
        return Server(workspace)


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    """Killed at random while four senders post: all that was acknowledged is there, and the check is clean."""
    workspace, acknowledged = eve(tmp_path), list[str]()
    for kill in range(3):
        server = Server(workspace)
        enough = random.Random(kill).randrange(5, 120)
        reached = threading.Event()

        def send(sender: int, kill: int = kill, server: Server = server, enough: int = enough) -> None:
            for number in range(10_000):
                name = f"{kill}/{sender}/{number}"
                try:
                    server.post(line(name))
                except httpx.HTTPError:
                    return
                acknowledged.append(name)
                if number * 4 >= enough:
                    reached.set()  # noqa: B023 - waited for below, in the same turn

        senders = [threading.Thread(target=send, args=(number,)) for number in range(4)]
        for sender in senders:
            sender.start()
        assert reached.wait(DEADLINE_S)
        server.process.kill()
        for sender in senders:
            sender.join()
        server.end()
        assert set(acknowledged) <= set(reported(workspace))
    record = workspace.open_record(DECODER)
    assert record.check().problems == []
    record.close()


def test_alarms_of_a_server_that_is_killed_are_those_of_one_that_never_stopped(tmp_path: Path) -> None:
    """Killed before, while or after the watch finds them: none is lost or shown twice, each keeps its number."""
    steps = [
        PREMATURE,
        line("again", "published", "09:40", by="NI", subject=EXCHANGE),
        line("mistaken", "voided", "09:50", event="told-too-early"),
        line("corrected", "voided", "09:55", event="mistaken"),
    ]
    never_stopped, killed = eve(tmp_path / "never-stopped"), eve(tmp_path / "killed")
    server = Server(never_stopped)
    for count, step in enumerate(steps, start=1):
        server.post(step)
        wait_until(lambda count=count: len(shown(never_stopped)) >= count)  # type: ignore[misc]
    server.stop()
    server = Server(killed)
    for count, step in enumerate(steps, start=1):
        server.post(step)
        if count % 2:
            server = server.killed_and_started_again(killed)
        wait_until(lambda count=count: len(shown(killed)) >= count)  # type: ignore[misc]
        if count % 2 == 0:
            server = server.killed_and_started_again(killed)
    server.stop()
    assert shown(killed) == shown(never_stopped)
    assert [(number, status) for number, *_, status in shown(killed)] == [
        (1, "open"), (2, "open"), (1, "withdrawn"), (1, "open"),
    ]  # fmt: skip


def shown(workspace: Workspace) -> list[tuple[int, str, str, str, int, str]]:
    """The alarms on record, in their order."""
    return [
        (one.number, one.clause, one.rule, one.subject, one.at_us, one.status)
        for one in entries(workspace)
        if isinstance(one, Alarm)
    ]


def test_a_server_whose_watch_dies_twice_ends_loudly(tmp_path: Path) -> None:
    """Exit code 2 and a line that says why, so that nobody believes that the day is watched."""
    server = Server(eve(tmp_path))
    wait_until(lambda: len(server.watch()) == 1)
    (first,) = server.watch()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: bool(server.watch()) and server.watch() != [first])
    assert server.post(line("meanwhile"))["taken"] == 1
    os.kill(server.watch()[0], signal.SIGKILL)
    told = server.end()
    assert server.process.returncode == 2
    assert "serving ends: the watch ended twice within a minute: nobody judges the day" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_server_told_to_stop_stops(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    """Also while a page listens; what was acknowledged is there, the lock is free, and no traceback is shown."""
    server = Server(eve(tmp_path))
    wait_until(lambda: len(server.watch()) == 1)
    (watch,) = server.watch()
    cookies = {"safeconduct-intermediary": server.key}
    page = f"{server.url}/view/intermediary/stream"
    with httpx.Client(cookies=cookies) as browser, browser.stream("GET", page, timeout=DEADLINE_S) as stream:
        assert next(stream.iter_lines()) == "retry: 1000"
        server.post(line("a"))
        server.process.send_signal(sent)
        told = server.end()
    assert server.process.returncode == code
    assert "Traceback" not in told
    wait_until(lambda: not Path(f"/proc/{watch}").exists())
    workspace = open_workspace(tmp_path)
    assert reported(workspace) == ["a"]
    workspace.open_recorder(SystemClock(), SystemRandomness(), DECODER).close()


def test_the_demos_pages_share_its_time_and_end_with_it(tmp_path: Path) -> None:
    """In a process of their own: pausing on a page stops the day here; an interrupt at the terminal is not theirs."""
    workspace, time, listening = eve(tmp_path), SimulatedTime({"RU": "Europe/Moscow"}, 60.0), listen("127.0.0.1", 0)
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    pages = PageProcess(workspace.folder, listening, time, "0a1b2c")
    browser = httpx.Client(timeout=DEADLINE_S, follow_redirects=True)
    assert browser.get(page_link(workspace.page_secret(), origin, INTERMEDIARY)).status_code == 200
    (process,) = [one for one in active_children() if one.name == "pages"]
    assert process.pid is not None
    os.kill(process.pid, signal.SIGINT)
    assert browser.post(f"{origin}/demo/pace", data={"paused": "yes", "speed": "300"}).status_code == 204
    assert (time.tempo().paused, time.tempo().speed) == (True, 300.0)
    time.jump(at("09:00"))
    assert f'data-now="{at("09:00")}"' in browser.get(f"{origin}/view/intermediary").text
    pages.stop()
    assert process.exitcode == 0
    with pytest.raises(httpx.ConnectError):
        browser.get(f"{origin}/public")
