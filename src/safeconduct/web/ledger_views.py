"""What the ledger says at every clearance that has a page, folded as it grows."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.app.record import Record, Recorded
from safeconduct.disclosure.clearance import INTERMEDIARY, Clearance
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.merkle import NodeReader
from safeconduct.storage.cosignatures import Standing
from safeconduct.views.operations import OperationsBuilder
from safeconduct.views.operations_model import CosigningTrouble, LedgerSeen, Operations
from safeconduct.views.public_record import PublicRecord, PublicRecordBuilder


class LedgerViews:
    """The views of one ledger: of the intermediary, of each party of the agreement, and of the public."""

    def __init__(
        self,
        record: Record[Entry],
        witnesses: Callable[[], Sequence[Standing]] = lambda: (),
        stopped: Callable[[int, NodeReader], str] = lambda _size, _node: "",
    ) -> None:
        """`witnesses` tells how far each has come by now, `stopped` why nothing may be recorded (else nothing)."""
        self._record = record
        self._witnesses = witnesses
        self._stopped = stopped
        self._size = 0
        self._ledger = LedgerSeen(origin="", size=0, root="", note="", cosigned_by=(), known=0)
        self._operations = {INTERMEDIARY: OperationsBuilder(INTERMEDIARY)}
        self._public = PublicRecordBuilder()

    def catch_up(self) -> bool:
        """Take what was appended since, with its checkpoint; whether there was any.

        Raises SafeconductError where it cannot be read, or where the checkpoint is not one of these entries.
        """
        before = self._size
        for recorded in self._record.read(before):
            self._add_parties(recorded)
            for builder in self._operations.values():
                _take(builder, recorded)
            self._public.take(recorded.index, recorded.recorded_at_us, recorded.body)
            self._size = recorded.index + 1
        self._ledger = self._checkpoint()
        if self._ledger.size != self._size:
            raise SafeconductError(
                f"{self._size} entries were read, the checkpoint is of {self._ledger.size}; "
                "run: safeconduct ledger fsck"
            )
        return self._size > before

    def clearances(self) -> Sequence[Clearance]:
        """Those that have a page, the intermediary first."""
        return tuple(self._operations)

    def operations(self, clearance: Clearance, now_us: int) -> Operations:
        """The page at a clearance. Raises SafeconductError for one that has none."""
        ledger = self._cosigned()
        if clearance not in self._operations:
            raise SafeconductError(f"the record names nobody who is cleared as {clearance}")
        return self._operations[clearance].snapshot(
            now_us,
            origin=ledger.origin,
            size=ledger.size,
            root=ledger.root,
            note=ledger.note,
            cosigned_by=ledger.cosigned_by,
            cosigned_size=ledger.cosigned_size,
            cosigning_troubles=ledger.cosigning_troubles,
        )

    def public(self) -> PublicRecord:
        """The public page."""
        return self._public.record(self._cosigned())

    def _checkpoint(self) -> LedgerSeen:
        checkpoint = self._record.checkpoint()
        return LedgerSeen(
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=base64.b64encode(checkpoint.root).decode(),
            note=self._record.checkpoint_note().decode(),
            cosigned_by=(),
            known=0,
        )

    def _cosigned(self) -> LedgerSeen:
        """The ledger with what its witnesses have said by now."""
        witnesses = self._witnesses()
        good = [one for one in witnesses if one.since_us is None and one.size]
        troubles = tuple(
            CosigningTrouble(one.name, one.since_us, " ".join(one.alarms))
            for one in witnesses
            if one.since_us is not None or one.alarms
        )
        stopped = self._stopped(self._size, self._record.node)
        if stopped:
            troubles = (CosigningTrouble("", None, stopped), *troubles)
        return replace(
            self._ledger,
            cosigned_by=tuple(one.name for one in good),
            cosigned_size=min((one.size for one in good), default=0),
            cosigning_troubles=troubles,
        )

    def _add_parties(self, recorded: Recorded[Entry]) -> None:
        """A party has a page from the moment at which the agreement names it, and sees there what went before."""
        if not isinstance(recorded.body, Opened) or not isinstance(recorded.body.entry, TermsRecorded):
            return
        for party in recorded.body.entry.parties:
            clearance = Clearance("party", party)
            if clearance in self._operations:
                continue
            builder = self._operations[clearance] = OperationsBuilder(clearance)
            for earlier in self._record.read():
                if earlier.index >= recorded.index:
                    break
                _take(builder, earlier)


def _take(builder: OperationsBuilder, recorded: Recorded[Entry]) -> None:
    if isinstance(recorded.body, Opened):
        builder.take(recorded.index, recorded.recorded_at_us, recorded.body.entry)
    else:
        builder.skip(recorded.index, recorded.recorded_at_us)
