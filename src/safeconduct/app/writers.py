"""Where acts are recorded: by this program, or by another that holds the ledger and is asked to."""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from nacl.signing import SigningKey

from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.office import Office, cosigned_of
from safeconduct.app.officer_acts import OF_ANOTHER_VERSION, Act, Asked, Stands
from safeconduct.app.officer_desk import asking, asking_at, perform
from safeconduct.app.quorum import Cosigned
from safeconduct.app.record import Record
from safeconduct.app.workspace import Workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock, Randomness


class Writer(Protocol):
    """Where one person acts, and reads what the record holds."""

    clock: Clock

    @property
    def record(self) -> Record[Entry]:
        """The ledger."""
        ...

    @property
    def state(self) -> Exchange:
        """What it told at the last act or `catch_up`."""
        ...

    @property
    def size(self) -> int:
        """Of how many entries that was."""
        ...

    def catch_up(self) -> bool:
        """Take in what others recorded; whether data were erased, so that what was read before may not be shown."""
        ...

    def perform(self, act: Act, key: SigningKey | None = None) -> Stands:
        """Record an act with the workspace's own key or another; what it made is durable when this returns.

        Raises Refused where that is not possible as things stand, or where it is not known whether it was recorded.
        """
        ...

    def close(self) -> None:
        """Give up the files."""
        ...


class Here:
    """This program is the ledger's one writer."""

    def __init__(self, office: Office, randomness: Randomness, everyone: tuple[str, ...] = ()) -> None:
        """`everyone`: who is called at once where an act is an alarm."""
        self.clock = office.clock
        self._office = office
        self._randomness = randomness
        self._everyone = everyone

    @property
    def record(self) -> Record[Entry]:
        """The ledger."""
        return self._office.recorder

    @property
    def state(self) -> Exchange:
        """What it tells."""
        return self._office.state

    @property
    def size(self) -> int:
        """Its entries."""
        return self._office.recorder.size()

    def catch_up(self) -> bool:
        """Nobody else writes."""
        return False

    def perform(self, act: Act, key: SigningKey | None = None) -> Stands:
        """Record it. Raises Refused, StorageFailed."""
        return perform(self._office, asking_at(self._office, act, key, self._randomness), self._everyone)

    def close(self) -> None:
        """Let others write."""
        self._office.recorder.close()


class Beside:
    """Another program writes: the record is read as it stands on the disk, and that program is asked."""

    def __init__(
        self, workspace: Workspace, clock: Clock, randomness: Randomness, ask: Callable[[Asked], dict[str, Any]]
    ) -> None:
        """`ask` gives what the other program answers; it raises Refused where that refuses, or cannot be asked."""
        self.clock = clock
        self._workspace = workspace
        self._randomness = randomness
        self._ask = ask
        self._record: Record[Entry] | None = None
        self._state = Exchange()
        self._read = 0
        self._erased: frozenset[bytes] = frozenset()
        self._current = False
        """Whether it was read since the last act."""
        self._forgotten = False
        """Whether data were erased since the last `catch_up`."""

    @property
    def record(self) -> Record[Entry]:
        """The ledger. Raises SafeconductError where it cannot be read."""
        self._look()
        return self._held()

    @property
    def state(self) -> Exchange:
        """What it told. Raises SafeconductError where it cannot be read."""
        self._look()
        return self._state

    @property
    def size(self) -> int:
        """Of how many entries that was."""
        self._look()
        return self._read

    def catch_up(self) -> bool:
        """Raises SafeconductError where the record cannot be read."""
        self._current = False
        self._look()
        forgotten, self._forgotten = self._forgotten, False
        return forgotten

    def asked(self, act: Act, key: SigningKey | None = None) -> Asked:
        """What is asked of the other program. Raises SafeconductError."""
        if key is None:
            return Asked(act=act)
        self._move_on()
        record = self._held()
        try:
            # By one moment of the record, which is held on to: nothing in it is later than what is signed now.
            return asking(record, self._state, self._cosigned, act, key, self.clock, self._randomness)
        finally:
            record.rest()

    def perform(self, act: Act, key: SigningKey | None = None) -> Stands:
        """Ask for it. Raises Refused."""
        answer = self._ask(self.asked(act, key))
        try:
            stands: Stands = msgspec.convert(answer, Stands)
        except msgspec.ValidationError:
            raise Refused(OF_ANOTHER_VERSION) from None
        self._current = False
        return stands

    def close(self) -> None:
        """Give up the files."""
        if self._record is not None:
            self._record.close()
            self._record = None

    def _look(self) -> None:
        if not self._current:
            self._move_on()
            self._held().rest()

    def _move_on(self) -> None:
        """Take in what was recorded since, and hold on to that moment of the ledger."""
        if self._record is not None:
            self._record.refresh()
            if self._record.erased_keys() != self._erased:
                self._forgotten = True
                self.close()  # and with it the keys that it knew
        if self._record is None:
            self._record = self._workspace.open_record(DECODER)
            self._erased = self._record.erased_keys()
            self._state, self._read = Exchange(), 0
        for recorded in self._record.read(self._read):
            if recorded.index == 0:
                self._state.agreement.authors.found(recorded.author, self._workspace.intermediary)
            self._state.take(recorded.body)
            self._read = recorded.index + 1
        self._current = True

    def _held(self) -> Record[Entry]:
        if self._record is None:
            raise AssertionError("the record is open by now")
        return self._record

    def _cosigned(self) -> Cosigned:
        return cosigned_of(self._held(), self._state, cosigned_notes(self._workspace))
