"""The watch in a process of its own: it follows the ledger, judges the day, and sends what stands.

Judging must hold up neither the writer nor the pages, nor wait for them: an alarm is due within a second. It only
reads; whoever holds the ledger records what it found.
"""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from safeconduct.app.intake import recorded_event
from safeconduct.app.ports import SystemClock
from safeconduct.app.record import Record
from safeconduct.app.recorded_day import papers
from safeconduct.app.watched_terms import Standing, WatchedTerms
from safeconduct.app.workspace import open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import SafeconductError
from safeconduct.tracking.entries import Report
from safeconduct.tracking.events import Event, read_event

_POLL_S = 0.1
_NEVER_US = 2**62


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands, of everything that the ledger held at that moment."""

    now_us: int
    standing: Standing


def judge_for_ever(folder: Path, master_key: bytes, exchange: str, results: "Connection[Judged, None]") -> None:
    """Judge whenever something came or a deadline passed, until the other end of `results` is closed."""
    try:
        _judge(open_workspace(folder).unlocked_by(master_key).open_record(DECODER), exchange, results)
    except (ConnectionError, EOFError):
        return  # whoever wanted to know has ended
    except SafeconductError as error:
        logging.getLogger(__name__).error("the watch stands still: %s", error)
        sys.exit(1)


def _judge(record: Record[Entry], exchange: str, results: "Connection[Judged, None]") -> None:
    clock, state, size = SystemClock(), Exchange(), 0
    record.refresh()
    for recorded in record.read():
        state.take(recorded.body)
        size = recorded.index + 1
    record.rest()
    on_record = papers(state, exchange)
    watch = WatchedTerms(on_record.terms, on_record.plan, lambda: _reports(record, 0))
    watch.arrive(read_event(recorded_event(text, at_us)) for text, at_us in state.tracking.reports.items())
    due_us, first = 0, True
    while not results.poll(_POLL_S):  # nothing is ever sent this way: it is readable once the other end is closed
        if record.refresh():
            arrived = list(_reports(record, size))
            size = record.size()
            watch.arrive(arrived)
            if arrived:
                due_us = 0
            record.rest()
        now_us = clock.now_us()
        if now_us < due_us:
            continue
        if watch.judge(now_us) or first:
            results.send(Judged(now_us, watch.standing()))
            first = False
        next_us = watch.next_us()
        due_us = _NEVER_US if next_us is None else next_us


def _reports(record: Record[Entry], from_index: int) -> Iterator[Event]:
    """The reports that the record holds from an entry on, as they came."""
    for recorded in record.read(from_index):
        if isinstance(recorded.body, Opened) and isinstance(recorded.body.entry, Report):
            entry = recorded.body.entry
            yield read_event(recorded_event(entry.report, entry.received_at_us))
