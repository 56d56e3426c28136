"""`safeconduct watch` as a user runs it: streams, files, bad lines, the clock, exit codes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.clauses.days import HEADER, event, leg, moved, plan_json

from safeconduct.kernel.times import HOUR_US, SECOND_US, format_instant

CLAUSE = '\n[[clause]]\nid = "ontime"\nkind = "arrival"\nlate = "0s"\n'
DEPARTED = moved("d", "departed", "08:00", "v1", "H")
ARRIVED = moved("a", "arrived", "08:59", "v1", "X")
TICK = event("t", "clock", "09:01")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Terms and a plan with one leg, due at X at 09:00."""
    (tmp_path / "terms.toml").write_text(HEADER + CLAUSE)
    plan = plan_json(legs=[leg("l1", "v1", "H", "X", "08:00", "09:00")])
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    return tmp_path


def run(folder: Path, *arguments: str, events: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command in the folder; `events` go to standard input."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "watch", "terms.toml", "plan.json", *arguments]
    return subprocess.run(command, cwd=folder, input=events, capture_output=True, timeout=60, check=False)


def lines(*events: dict[str, Any]) -> bytes:
    """JSON Lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in events)


def told(output: bytes) -> list[tuple[str, str]]:
    """(rule, status) of each deviation line."""
    return [(one["rule"], one["status"]) for one in map(json.loads, output.splitlines())]


def test_a_file_is_told_as_it_unfolds(folder: Path) -> None:
    """Opened when the deadline passed, withdrawn by the late report; something was found."""
    (folder / "events.jsonl").write_bytes(lines(DEPARTED, TICK, ARRIVED))
    done = run(folder, "events.jsonl")
    assert (done.returncode, done.stderr) == (1, b"")
    assert told(done.stdout) == [("late", "open"), ("late", "withdrawn")]


def test_final_tells_only_what_stands(folder: Path) -> None:
    """Nothing, and exit 0; or what stands, and exit 1; unaffected by the order of lines."""
    (folder / "events.jsonl").write_bytes(lines(TICK, ARRIVED, DEPARTED))
    done = run(folder, "events.jsonl", "--final")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (folder / "events.jsonl").write_bytes(lines(DEPARTED, TICK))
    done = run(folder, "events.jsonl", "--final", "--json")
    assert (done.returncode, told(done.stdout)) == (1, [("late", "open")])


@pytest.mark.parametrize(
    ("until", "code"),
    [("2025-07-04T09:00:00Z", 0), ("2025-07-04T09:00:00.000001Z", 1), ("2025-07-04T12:01:00+03:00", 1)],
)
def test_until_is_the_end_of_observation(folder: Path, until: str, code: int) -> None:
    """The deadline is 09:00 UTC; streaming and final agree."""
    (folder / "events.jsonl").write_bytes(lines(DEPARTED, {**ARRIVED, "at": "2025-07-04T09:30:00Z"}))
    assert run(folder, "events.jsonl", "--final", "--until", until).returncode == code
    assert run(folder, "events.jsonl", "--until", until).returncode == code


def test_bad_lines_are_set_aside_and_counted(folder: Path) -> None:
    """A line each on standard error, the lines themselves in a side file, the rest judged, exit 2 at the end."""
    bad = b'{"id": "x"}\r\n' + b"nonsense\n"
    (folder / "events.jsonl").write_bytes(lines(DEPARTED) + b"\n" + bad + lines(TICK))
    done = run(folder, "events.jsonl", "--final")
    assert done.returncode == 2
    assert told(done.stdout) == [("late", "open")]
    assert done.stderr.decode().splitlines() == [
        "events.jsonl:3:1: an event needs 'type', a text; add it",
        "events.jsonl:4:1: not JSON: expecting value; mend the line and send it again",
        "events.jsonl: 2 bad lines set aside in events.bad.jsonl",
    ]
    assert (folder / "events.bad.jsonl").read_bytes() == b'{"id": "x"}\nnonsense\n'


def test_many_bad_lines_are_told_briefly_and_all_kept(folder: Path) -> None:
    """An XLSX taken for events does not flood the screen."""
    done = run(folder, "-", "--set-aside", "bad.txt", events=b"PK\x03\x04\xff\n" * 500)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 22
    assert b"and 480 more bad lines" in done.stderr
    assert (folder / "bad.txt").read_bytes() == b"PK\x03\x04\xff\n" * 500


def test_a_pipe_is_judged_when_it_closes(folder: Path) -> None:
    """Whatever was told on the way adds up to what stands."""
    done = run(folder, "-", events=lines(DEPARTED, TICK))
    assert (done.returncode, told(done.stdout)) == (1, [("late", "open")])
    assert run(folder, "-", events=b"").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["absent.jsonl"], "absent.jsonl:0:0: cannot be read: No such file or directory; check the path"),
        (["."], ".:0:0: cannot be read: Is a directory; check the path"),
        (["-", "--until", "noon"], "--until:0:0: 'noon' is not an RFC 3339 time with an offset"),
        (["plan.json", "--set-aside", "plan.json"], "plan.json:0:0: bad lines cannot go into the events themselves"),
        (["plan.json", "--set-aside", "no/where"], "no/where:0:0: cannot be written: No such file or directory"),
    ],
)
def test_bad_usage_is_one_line(folder: Path, arguments: list[str], fault: str) -> None:
    """Exit 2, nothing on standard output, no traceback."""
    done = run(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert fault in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_kind_that_is_not_in_the_library_is_refused_by_name(folder: Path) -> None:
    """At line and column, before anything is read."""
    (folder / "terms.toml").write_text(HEADER + CLAUSE.replace("arrival", "party"))
    done = run(folder, "-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"terms.toml:10:8: unknown kind of clause 'party'; ")


def test_a_plan_of_another_agreement_is_a_warning(folder: Path) -> None:
    """Not a refusal."""
    (folder / "plan.json").write_text(json.dumps({**plan_json(), "agreement": "a2"}))
    done = run(folder, "-")
    assert done.returncode == 0
    assert done.stderr == (
        b"plan.json: warning: the plan is for agreement 'a2', the terms are 'a1'; judging them together all the same\n"
    )


def test_live_an_alarm_comes_within_a_second_of_its_deadline_without_a_report(folder: Path) -> None:
    """The pipe stays open and silent; the clock alone raises it."""
    due_us = time.time_ns() // 1000 + 4 * SECOND_US
    early, due = format_instant(due_us - HOUR_US), format_instant(due_us)
    one = {**leg("l1", "v1", "H", "X", "08:00", "09:00"), "depart": early, "arrive": due}
    (folder / "plan.json").write_text(json.dumps(plan_json(legs=[one])))
    command = [sys.executable, "-m", "safeconduct.cli.main", "watch", "terms.toml", "plan.json", "-", "--live"]
    until = format_instant(due_us + 2 * SECOND_US)
    reading, writing = os.pipe()
    with subprocess.Popen([*command, "--until", until], cwd=folder, stdin=reading, stdout=subprocess.PIPE) as live:
        assert live.stdout is not None
        line = live.stdout.readline()
        came_us = time.time_ns() // 1000
        code = live.wait(timeout=30)
        os.close(writing)
    os.close(reading)
    assert code == 1
    assert json.loads(line)["rule"] == "late"
    assert 0 < came_us - due_us < SECOND_US
