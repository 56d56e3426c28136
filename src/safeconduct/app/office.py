"""The intermediary's desk at work on one ledger: every command decided on the present state, recorded, and folded."""

from collections.abc import Callable, Collection, Iterable, Sequence

from safeconduct.app.author_chain import SignedEntry
from safeconduct.app.commands import Command, ReleaseCommunique
from safeconduct.app.cosigned_record import cosigned_size
from safeconduct.app.deciding import decide
from safeconduct.app.quorum import Cosigned, cosigned_step, step_of, witnesses_of
from safeconduct.app.record import Record
from safeconduct.app.recorder import Recorder
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock
from safeconduct.ledger.header import recorded_at_us_of

CosignedNotes = Callable[[], Iterable[bytes]]
"""Gives the checkpoints that witnesses have cosigned."""


class Office:
    """The single writer of a ledger with the state that the ledger tells, folded again at every start."""

    def __init__(self, recorder: Recorder[Entry], clock: Clock, cosigned_notes: CosignedNotes = tuple) -> None:
        """Without `cosigned_notes` nobody has cosigned anything: no step is taken that needs it."""
        self.recorder = recorder
        self.clock = clock
        self._cosigned_notes = cosigned_notes
        self.state = self._folded()

    def perform(self, command: Command) -> Sequence[Entry]:
        """Decide and record a command; what it made is durable and in the state when this returns.

        Raises Refused for what the state does not allow and BadInput for what cannot be read; then nothing is recorded.
        """
        if isinstance(command, ReleaseCommunique) and command.size != self.recorder.size():
            raise Refused("the record has grown since the values of this text were looked up: look again")
        now_us = self.clock.now_us()
        entries = decide(self.state, command, now_us)
        if step_of(command) is not None:
            step = cosigned_step(self.state, command, self.cosigned(), now_us)
            entries = [*([step] if step else ()), *entries]
        self.record(entries)
        return entries

    def cosigned(self) -> Cosigned:
        """How far the record is cosigned."""
        return cosigned_of(self.recorder, self.state, self._cosigned_notes())

    def record(self, entries: Sequence[Entry]) -> None:
        """Record entries that need no decision: observations, and what people were shown."""
        self.recorder.record(entries)
        for entry in entries:
            self.state.apply(entry)

    def record_signed(self, group: Sequence[SignedEntry[Entry]]) -> None:
        """Record entries that others signed, which `signed_intake` found sound."""
        self.recorder.take(group)
        for one in group:
            self.state.apply(one.entry)

    def erase(self, key_ids: Collection[bytes], entries: Sequence[Entry]) -> None:
        """Erase what is sealed under these keys, and fold what is left: the state forgets it too.

        Raises StorageFailed; where it is Unfinished, the erasure is recorded and this office can go on.
        """
        self.recorder.record_erasure(key_ids, entries)
        try:
            self.recorder.finish_erasures()
        finally:
            self.state = self._folded()

    def _folded(self) -> Exchange:
        return folded(self.recorder, self.recorder.founder(), self.recorder.intermediary)


def folded(record: Record[Entry], founder: bytes, intermediary: str) -> Exchange:
    """The state that a ledger tells."""
    state = Exchange()
    state.agreement.authors.found(founder, intermediary)
    for recorded in record.read():
        state.take(recorded.body)
    return state


def cosigned_of(record: Record[Entry], state: Exchange, cosigned_notes: Iterable[bytes]) -> Cosigned:
    """How far a record is cosigned, by the checkpoints that witnesses have cosigned."""
    notes, checkpoint = tuple(cosigned_notes), record.checkpoint()
    size = checkpoint.size
    sizes = {one.key: cosigned_size(notes, record.verifier, one.key, size, record.node) for one in witnesses_of(state)}
    return Cosigned(size, checkpoint.root, lambda index: recorded_at_us_of(record.leaf(index)), sizes)
