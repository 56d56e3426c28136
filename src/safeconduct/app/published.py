"""The checkpoint that others are given: in copies, and under proofs."""

from safeconduct.app.recorder import Record
from safeconduct.kernel.entry import Entry


def published_note(record: Record[Entry]) -> bytes:
    """The latest signed checkpoint, with the cosignatures that it has.

    It may be of fewer entries than the ledger holds by now: whoever gives it away gives no more than those.
    """
    return record.checkpoint_note()
