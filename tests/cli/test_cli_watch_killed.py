"""`safeconduct watch` killed in the middle of a day and started again: as if it had never stopped."""

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

KILLS = 2
LONG_AFTER = "2025-07-20T00:00:00Z"
"""Long after the day: every deadline and every device's silence is over."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated day full of troubles, its reports late and out of order."""
    folder = tmp_path_factory.mktemp("day")
    command = [sys.executable, "-m", "safeconduct.cli.main", "simulate", str(folder / "day"), "--seed", "3"]
    subprocess.run([*command, "--persons", "20", "--faults", "heavy"], capture_output=True, timeout=60, check=True)
    return folder / "day"


def started(day: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The watch at work; reports can be written to its standard input."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "watch", "terms.toml", "plan.json", *arguments]
    return subprocess.Popen(command, cwd=day, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def uninterrupted(day: Path, lines: Iterable[bytes], *arguments: str) -> list[bytes]:
    """What it tells of these reports, never stopped."""
    watch = started(day, "-", *arguments)
    told, _ = watch.communicate(b"".join(lines), timeout=60)
    assert watch.returncode == 1
    return told.splitlines()


def killed_after(watch: subprocess.Popen[bytes], count: int) -> list[bytes]:
    """Kill it once it has told so many lines; all whole lines that it told."""
    assert watch.stdout is not None
    assert watch.stdin is not None
    told = [watch.stdout.readline() for _ in range(count)]
    watch.kill()
    told += watch.stdout.readlines()
    assert watch.wait(60) == -signal.SIGKILL
    watch.stdin.close()
    return [line.rstrip(b"\n") for line in told if line.endswith(b"\n")]


def reports(day: Path) -> list[bytes]:
    """The lines of the day."""
    return (day / "events.jsonl").read_bytes().splitlines(keepends=True)


def test_a_watch_of_a_pipe_that_is_killed_and_started_again_tells_the_same(day: Path) -> None:
    """It is killed while it waits for more; given all reports again, it tells all again, and goes on as before."""
    lines, draw = reports(day), random.Random(1)
    whole = uninterrupted(day, lines)
    for _ in range(KILLS):
        half = lines[: draw.randrange(len(lines) // 4, len(lines))]
        so_far = uninterrupted(day, half)
        watch = started(day, "-")
        assert watch.stdin is not None
        watch.stdin.write(b"".join(half))
        watch.stdin.flush()
        assert killed_after(watch, len(so_far)) == so_far == whole[: len(so_far)]
        assert uninterrupted(day, lines) == whole


def test_a_watch_of_a_growing_file_that_is_killed_and_started_again_tells_the_same(day: Path, tmp_path: Path) -> None:
    """It is killed between two lines that it tells; by the next start the file has grown."""
    lines, draw, growing = reports(day), random.Random(2), tmp_path / "growing.jsonl"
    whole = uninterrupted(day, lines)
    for part in range(1, KILLS + 1):
        growing.write_bytes(b"".join(lines[: len(lines) * part // KILLS]))
        told = killed_after(started(day, str(growing)), draw.randrange(1, 40))
        assert told == whole[: len(told)]
    again = started(day, str(growing))
    assert again.communicate(timeout=60)[0].splitlines() == whole


def test_a_live_watch_that_is_killed_and_started_again_comes_to_the_same(day: Path) -> None:
    """By the clock, whatever arrives together: what was told adds up to what stands, before and after."""
    lines = reports(day)
    half = lines[: len(lines) // 2]
    stood = {breach(line) for line in uninterrupted(day, half, "--final", "--until", LONG_AFTER)}
    stands = {breach(line) for line in uninterrupted(day, lines, "--final", "--until", LONG_AFTER)}
    assert stood - stands
    assert stands - stood
    for goes_on in (False, True):
        watch = started(day, "-", "--live")
        assert watch.stdin is not None
        assert watch.stdout is not None
        watch.stdin.write(b"".join(half))
        watch.stdin.flush()
        told: set[tuple[str, ...]] = set()
        while told != stood:
            follow(told, watch.stdout.readline())
        if goes_on:
            for line in watch.communicate(b"".join(lines[len(half) :]), timeout=60)[0].splitlines():
                follow(told, line)
            assert told == stands
        else:
            killed_after(watch, 0)


def breach(line: bytes) -> tuple[str, ...]:
    """What identifies a deviation, and that it is certain."""
    told = json.loads(line)
    assert told["status"] in ("open", "withdrawn")
    return told["at"], told["clause"], told["rule"], told["subject"]


def follow(told: set[tuple[str, ...]], line: bytes) -> None:
    """Keep what was told as somebody does who reads the stream."""
    if json.loads(line)["status"] == "withdrawn":
        told.remove(breach(line))
    else:
        assert breach(line) not in told
        told.add(breach(line))
