"""The desk in a simulation: a real ledger in a real workspace, with a clock that the simulation sets."""

from collections.abc import Iterable
from random import Random
from typing import Protocol

from safeconduct.app.office import Office
from safeconduct.app.recorder import Recorder
from safeconduct.app.workspace import Workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.ports import Randomness
from safeconduct.tracking.escalation import Escalation


class SetClock:
    """A clock that shows what it was set to."""

    def __init__(self, now_us: int) -> None:
        self._now_us = now_us

    def now_us(self) -> int:
        """The moment that it was set to."""
        return self._now_us

    def set_us(self, now_us: int) -> None:
        """Set it; it never goes back."""
        self._now_us = max(self._now_us, now_us)


class SeededRandomness:
    """Bytes from a seed, for simulations only: whoever knows the seed knows every key."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def token_bytes(self, count: int) -> bytes:
        """The next `count` bytes of the stream."""
        return self._random.randbytes(count)


class Witnesses(Protocol):
    """The parties' witnesses, where a simulation has any."""

    def ask(self) -> tuple[str, ...]:
        """Have them cosign all that is on record; the parties whose witness has not."""
        ...

    def notes(self) -> Iterable[bytes]:
        """The checkpoints that they have cosigned."""
        ...


class Desk:
    """The office of one workspace, which can be stopped and started again at any moment."""

    def __init__(
        self, workspace: Workspace, clock: SetClock, randomness: Randomness, witnesses: Witnesses | None = None
    ) -> None:
        self._workspace = workspace
        self._witnesses = witnesses
        self.clock = clock
        self._randomness = randomness
        self.office = self._open()

    @property
    def escalation(self) -> Escalation:
        """When others are called to an alarm, and whom, as the workspace's settings have it."""
        return self._workspace.escalation

    def have_cosigned(self) -> str:
        """Have the witnesses cosign what is on record, before a step that rests on it: what came of it, in words."""
        if self._witnesses is None:
            return ""
        lacking = self._witnesses.ask()
        size = self.office.recorder.size()
        if lacking:
            return f"{size:,} entries not cosigned by {' and '.join(lacking)}"
        return f"every party's mirror has checked and cosigned all {size:,} entries"

    def restart(self) -> None:
        """Give everything up and begin anew from what the ledger holds."""
        self.close()
        self.office = self._open()

    def close(self) -> None:
        """Give up the files."""
        self.office.recorder.close()

    def _open(self) -> Office:
        recorder: Recorder[Entry] = self._workspace.open_recorder(self.clock, self._randomness, DECODER)
        if self._witnesses is None:
            return Office(recorder, self.clock)
        return Office(recorder, self.clock, self._witnesses.notes)
