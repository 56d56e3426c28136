"""What the duty officer sees, for whoever works beside the pages: the terminal, and the simulated officer."""

from safeconduct.app.record import Record
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.views.operations import OperationsBuilder
from safeconduct.views.operations_model import Operations


class DutyView:
    """The operations picture at the intermediary's clearance, of a ledger that may grow."""

    def __init__(self) -> None:
        self._builder = OperationsBuilder(INTERMEDIARY)
        self._size = 0

    def look(self, record: Record[Entry], now_us: int) -> Operations:
        """The picture as of now, of all that the record holds."""
        for recorded in record.read(self._size):
            if isinstance(recorded.body, Opened):
                self._builder.take(recorded.index, recorded.recorded_at_us, recorded.body.entry)
            else:
                self._builder.skip(recorded.index, recorded.recorded_at_us)
            self._size = recorded.index + 1
        return self._builder.snapshot(now_us, origin="", size=self._size, root="", note="")
