"""What the duty officer sees, for whoever works beside the pages: the terminal, and the simulated officer."""

from collections.abc import Iterable

from safeconduct.app.record import Record
from safeconduct.app.release_alarms import due_alarms
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.tracking.entries import Report
from safeconduct.views.operations import OperationsBuilder
from safeconduct.views.operations_model import Operations


class DutyView:
    """The operations picture at the intermediary's clearance, of a ledger that may grow."""

    def __init__(self) -> None:
        self._builder = OperationsBuilder(INTERMEDIARY)
        self._size = 0

    def look(self, record: Record[Entry], now_us: int, due: Iterable[Entry] = ()) -> Operations:
        """The picture as of now, of all that the record holds; and `due`, what would be recorded next."""
        for recorded in record.read(self._size):
            if isinstance(recorded.body, Opened):
                self._builder.take(recorded.index, recorded.recorded_at_us, recorded.body.entry)
            else:
                self._builder.skip(recorded.index, recorded.recorded_at_us)
            self._size = recorded.index + 1
        for place, entry in enumerate(due, start=self._size):
            self._builder.take(place, now_us, entry)
        return self._builder.snapshot(now_us, origin="", size=self._size, root="", note="")


def due_soon(record: Record[Entry], now_us: int, everyone: tuple[str, ...]) -> list[Entry]:
    """The alarms on releases that should stand and that no program that writes has recorded yet."""
    state, due = Exchange(), list[Entry]()
    for recorded in record.read():
        # Reports are most of a record, and no such alarm rests on any.
        if not (isinstance(recorded.body, Opened) and isinstance(recorded.body.entry, Report)):
            state.take(recorded.body)
    while entries := due_alarms(state, now_us, everyone):
        for entry in entries:
            state.apply(entry)
        due += entries
    return due
