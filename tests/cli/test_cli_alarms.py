"""`safeconduct alarms` as a user runs it: on a workspace by itself, and on one that a server holds."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.duty import DEADLINE_S, PREMATURE, alarms, entries, eve, wait_until
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import EXCHANGE, at, family_told, moment

from safeconduct.app.office import Office
from safeconduct.app.watched_day import WatchedDay
from safeconduct.app.workspace import Workspace
from safeconduct.cli.serving import FILE
from safeconduct.exchange.entries import DECODER
from safeconduct.tracking.alarm_entries import AlarmAcknowledged, AlarmAssigned, AlarmResolved, AlarmWaived

COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two statements published too early, three minutes apart; nobody holds the ledger."""
    made = eve(tmp_path / "workspace")
    judge(made, [published("one", "09:30"), published("two", "09:33")])
    return made


def published(name: str, clock: str) -> dict[str, Any]:
    """A statement."""
    return {"id": name, "type": "published", "at": moment(clock), "by": "NI", "subject": EXCHANGE}


def judge(workspace: Workspace, reports: list[dict[str, Any]]) -> None:
    """Record reports, and what the watch finds."""
    clock = StandingClock(at("10:00"))
    office = Office(workspace.open_recorder(clock, Seeded(2), DECODER), clock)
    watched = WatchedDay(office, EXCHANGE)
    watched.take(reports)
    watched.judge(at("10:00"))
    office.recorder.close()


def run(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [*COMMAND, "alarms", *arguments, "--workspace", str(workspace.folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def done(workspace: Workspace, *arguments: str) -> str:
    """Run it; what it printed. It must have worked."""
    finished = run(workspace, *arguments)
    assert (finished.returncode, finished.stderr) == (0, ""), finished
    return finished.stdout


def refused(workspace: Workspace, *arguments: str) -> str:
    """Run it; the one line that it refuses with."""
    finished = run(workspace, *arguments)
    assert (finished.returncode, finished.stdout) == (2, ""), finished
    assert finished.stderr.count("\n") == 1
    return finished.stderr


def listed(workspace: Workspace, *arguments: str, found: bool = True) -> list[dict[str, Any]]:
    """What it lists for machines."""
    finished = run(workspace, "--json", *arguments)
    assert (finished.returncode, finished.stderr) == (int(found), "")
    told: list[dict[str, Any]] = json.loads(finished.stdout)["alarms"]
    return told


def test_alarms_are_listed_for_people(workspace: Workspace) -> None:
    """What it is, how it stands, since when; and that something was found."""
    finished = run(workspace)
    assert finished.returncode == 1
    assert "families-first · early: 2 from 2025-07-04 09:30 to 09:33" in finished.stdout
    assert "not acknowledged" in finished.stdout
    assert "First of 2: " in finished.stdout


def test_alarms_are_listed_for_machines(workspace: Workspace) -> None:
    """Everything that the page shows, deviation by deviation."""
    (alarm,) = listed(workspace)
    assert (alarm["number"], alarm["state"], alarm["severity"], alarm["status"]) == (
        *(1, "unacknowledged"),
        *("serious", "open"),
    )
    assert alarm["cause"] == {"kind": "series", "of": []}
    assert (alarm["first_at"], alarm["shown_at"]) == (moment("09:30"), moment("10:00"))
    assert [one["evidence"] for one in alarm["deviations"]] == [["one"], ["two"]]
    assert [one["subject"] for one in alarm["deviations"]] == ["one", "two"]


def test_the_way_of_an_alarm(workspace: Workspace) -> None:
    """Its number acts on all of it; a deviation's on that one alone. What is settled is listed on demand."""
    assert done(workspace, "acknowledge", "1", "--by", "A. Duty") == "alarm 1: 2 deviations acknowledged\n"
    told = done(workspace, "assign", "2", "--to", "B. Duty", "--by", "A. Duty")
    assert told == "alarm 2: 1 deviation handed over to B. Duty\n"
    (alarm,) = listed(workspace)
    assert (alarm["state"], alarm["owner"]) == ("acknowledged", "A. Duty, B. Duty")
    done(workspace, "waive", "1", "--party", "RU", "--by", "A. Duty", "--reason", "Agreed.")
    (alarm,) = listed(workspace)
    assert (alarm["state"], alarm["waived_by"], alarm["not_waived_by"]) == ("acknowledged", ["RU"], ["UA"])
    assert "Waived by RU; not by UA" in run(workspace).stdout
    done(workspace, "waive", "1", "--party", "UA", "--by", "A. Duty", "--reason", "Agreed too.")
    assert done(workspace) == f"{EXCHANGE}: no alarm stands\n"
    (alarm,) = listed(workspace, "--all", found=False)
    assert (alarm["state"], alarm["notes"]) == ("waived", ["RU: Agreed.", "UA: Agreed too."])


def test_resolved_with_what_was_done(workspace: Workspace) -> None:
    """Without having been taken on first; the owner is who resolved it."""
    done(workspace, "resolve", "1", "--by", "A. Duty", "--note", "Both taken down again.")
    assert listed(workspace, found=False) == []
    (alarm,) = listed(workspace, "--all", found=False)
    assert (alarm["state"], alarm["resolved_by"], alarm["owner"], alarm["notes"]) == (
        *("resolved", "A. Duty", "A. Duty"),
        ["Both taken down again."],
    )


def test_a_late_report_closes_an_alarm(workspace: Workspace) -> None:
    """Nothing stands; it is there among all."""
    judge(workspace, [family_told(person, "09:00") for person in ("u1", "u2", "r1")])
    assert listed(workspace, found=False) == []
    (alarm,) = listed(workspace, "--all", found=False)
    assert alarm["state"] == "withdrawn"


def test_what_cannot_be_done_is_one_line(workspace: Workspace, tmp_path: Path) -> None:
    """Exit code 2, and nothing is recorded."""
    before = len(entries(workspace))
    assert refused(workspace, "acknowledge", "9", "--by", "A").startswith("there is no alarm 9; ")
    assert "'by' is not a name or role" in refused(workspace, "acknowledge", "1", "--by", " ")
    assert "'XX' is not a party" in refused(workspace, "waive", "1", "--party", "XX", "--by", "A", "--reason", "r")
    assert "'note' is not a sentence" in refused(workspace, "resolve", "1", "--by", "A", "--note", "")
    assert len(entries(workspace)) == before
    done(workspace, "acknowledge", "1", "--by", "A")
    assert "alarm 1 is acknowledged by A" in refused(workspace, "acknowledge", "1", "--by", "B")
    nowhere = subprocess.run(
        [*COMMAND, "alarms", "--workspace", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "no workspace here" in nowhere.stderr


def test_bad_settings_are_one_line(workspace: Workspace) -> None:
    """At their place, whatever is asked."""
    path = workspace.folder / "safeconduct.toml"
    path.write_text(path.read_text() + '\n[alarms]\nquiet_hours = ["late"]\n')
    assert "'late' is no stretch of hours; write it in UTC as \"22:00-06:00\"" in refused(workspace)


def test_the_folder_may_stand_before_the_command(workspace: Workspace) -> None:
    """As people type it."""
    command = [*COMMAND, "alarms", "--workspace", str(workspace.folder), "acknowledge", "1", "--by", "A"]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace that a server holds, on which an alarm stands."""
    workspace = eve(tmp_path / "served")
    judge(workspace, [json.loads(PREMATURE)])
    command = [*COMMAND, "serve", "--port", "0", "--json", "--workspace", str(workspace.folder)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    server.stdout.readline()
    wait_until((workspace.folder / FILE).exists)
    yield workspace
    server.send_signal(signal.SIGTERM)
    server.wait(DEADLINE_S)
    assert not (workspace.folder / FILE).exists()


def test_a_server_that_holds_the_ledger_records_what_is_done(served: Workspace) -> None:
    """Every act goes through it, and what it refuses is told as its own line."""
    done(served, "acknowledge", "1", "--by", "A")
    done(served, "assign", "1", "--to", "B", "--by", "A")
    done(served, "waive", "1", "--party", "UA", "--by", "B", "--reason", "Обговорено.")
    done(served, "resolve", "1", "--by", "B", "--note", "Taken down.")
    kinds = (AlarmAcknowledged, AlarmAssigned, AlarmWaived, AlarmResolved)
    assert [type(one) for one in entries(served) if isinstance(one, kinds)] == list(kinds)
    assert "alarm 1 is resolved: cannot be resolved now" in refused(served, "resolve", "1", "--by", "B", "--note", "x")
    assert alarms(served) == [("families-first", "open")]


def test_where_the_server_is_is_its_owners_secret(served: Workspace) -> None:
    """The key goes where the file says: one that others could have written is not believed."""
    path = served.folder / FILE
    assert path.stat().st_mode & 0o077 == 0
    os.chmod(path, 0o644)
    assert "another program is writing" in refused(served, "acknowledge", "1", "--by", "A")


def test_a_program_that_takes_no_acts_is_told(workspace: Workspace) -> None:
    """Who holds the ledger is no server, or one that is gone: what to do is said, and nothing is recorded."""
    clock = StandingClock(at("10:00"))
    recorder = workspace.open_recorder(clock, Seeded(3), DECODER)
    try:
        told = refused(workspace, "acknowledge", "1", "--by", "A")
        assert "another program is writing" in told
        assert "try again when it has ended" in told
        path = workspace.folder / FILE
        path.write_text('{"url": "http://127.0.0.1:9"}')
        path.chmod(0o600)
        assert "the server at http://127.0.0.1:9 does not answer" in refused(workspace, "acknowledge", "1", "--by", "A")
    finally:
        recorder.close()


def test_the_examples_in_the_help_work_as_pasted(tmp_path: Path) -> None:
    """One after the other, in an empty folder."""
    for command in ((), ("assign",), ("waive",), ("resolve",)):
        shown = subprocess.run([*COMMAND, "alarms", *command, "--help"], capture_output=True, text=True, check=True)
        example = shown.stdout.partition("Example")[2].partition("Options:")[0]
        for pasted in re.findall(r"^ +safeconduct (.+)$", example, re.MULTILINE):
            done = subprocess.run(
                [*COMMAND, *shlex.split(pasted)], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            stands = pasted.startswith("alarms --workspace")
            assert (done.returncode, done.stderr) == (int(stands), ""), pasted
