"""A workspace on the eve of its day, and the desk on duty over it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import EXCHANGE, approvals, at, moment, preparations

from safeconduct.app.duty_view import DutyView
from safeconduct.app.office import Office
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.tracking.alarm_book import Seen, seen
from safeconduct.tracking.entries import AlarmShown, Report

DEADLINE_S = 30.0
"""What takes longer has failed, even on a busy machine."""


def eve(folder: Path, *, approved: bool = True) -> Workspace:
    """Everything stands, both parties have approved the plan, nothing was reported yet."""
    workspace = create_workspace(folder, "istanbul-2025-06-02", "NI", Seeded(0))
    clock = StandingClock(at("02:00"))
    office = Office(workspace.open_recorder(clock, Seeded(1), DECODER), clock)
    for command in preparations():
        office.perform(command)
    if approved:
        office.record(approvals(office.state))
    office.recorder.close()
    return workspace


def entries(workspace: Workspace) -> list[Entry]:
    """Everything that the ledger holds now."""
    record = workspace.open_record(DECODER)
    try:
        return [one.body.entry for one in record.read() if isinstance(one.body, Opened)]
    finally:
        record.close()


def reported(workspace: Workspace) -> list[str]:
    """The ids of the reports on record, in their order."""
    return [entry.event for entry in entries(workspace) if isinstance(entry, Report)]


def alarms(workspace: Workspace) -> list[tuple[str, str]]:
    """Clause and status of the alarms on record, in their order."""
    return [(entry.clause, entry.status) for entry in entries(workspace) if isinstance(entry, AlarmShown)]


def looked_at(workspace: Workspace, *numbers: int) -> Seen:
    """Alarms as whoever looks at the page sees them now."""
    record = workspace.open_record(DECODER)
    try:
        shown = DutyView().look(record, at("12:00")).alarms
    finally:
        record.close()
    return seen(one.glance() for alarm in shown for one in alarm.deviations if one.number in numbers)


def line(name: str, kind: str = "clock", clock: str = "05:00", **fields: Any) -> bytes:
    """A report."""
    return json.dumps({"id": name, "type": kind, "at": moment(clock), **fields}).encode() + b"\n"


PREMATURE = line("told-too-early", "published", "09:30", by="NI", subject=EXCHANGE)
"""Before any family was told: what the one clause forbids."""


def wait_until(what: Callable[[], bool]) -> None:
    """Wait for a condition. Fails after the deadline."""
    end = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


KINDS = ("departed", "arrived", "boarded", "alighted", "offered", "accepted", "refused", "positioned", "notified")


def first_moment(kind: str) -> bytes:
    """A report of the earliest moment that a record can hold."""
    hands = {"person": "u1", "from": "RU", "to": "NI", "vehicle": "sosnovka-ambulance-01", "place": "sosnovka"}
    first = {"id": f"first-{kind}", "type": kind, "at": "1684-07-28T00:12:25.259009Z", "position": [31, 52]}
    return json.dumps({**first, **hands}).encode()


STRANGE: dict[str, bytes] = {
    "a zero escaped": line("\0"),
    "no name": line(""),
    "a name of a megabyte": line("x" * 1_000_000),
    "markup": line("</script><script>", note="]]>&amp;\r\n\u2028"),
    "right to left": line("\u202e", type_="\ufeff"),
    "the last moment": json.dumps({"id": "last", "type": "clock", "at": "2255-06-05T23:47:34.740991Z"}).encode(),
    "a large count": line("c", "counted", vehicle="sosnovka-ambulance-01", count=2**53 - 1),
    "voids itself": line("v", "voided", event="v"),
    "wrong kinds of values": line("w", "incident", person=[1], vehicle={"a": None}, place=3, agreed_by={"x": [1.5]}),
    **{f"{kind} at the first moment": first_moment(kind) for kind in KINDS},
}
"""Odd, and yet reports: each is taken."""
