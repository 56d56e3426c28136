"""Asking witnesses to cosign the latest checkpoint, over ports: a ledger, a store of cosignatures, a way to post.

All witnesses of a round are asked about one checkpoint, so that one note gathers all their cosignatures. Whatever is
lost on the way is asked for again: a cosignature counts once it is stored.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from safeconduct.app.rolled_back import RECOVER, against
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Clock
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.cosignature import Cosignature
from safeconduct.ledger.cosigning import Asking, Reply, Trouble
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.policy import PolicyKey
from safeconduct.ledger.witness import LATEST_CHECKPOINT, OK, AddCheckpoint
from safeconduct.storage.cosignatures import Standing
from safeconduct.storage.ledger_store import LedgerFile

Post = Callable[[str, bytes], Awaitable[Reply]]
"""Posts a body to an address. Raises Unreachable."""
_FRESH_LOOKS = 3
"""How often the ledger is looked at anew because a witness has seen more of it than was read here."""


class Unreachable(SafeconductError):
    """There was no answer, or none that could be read; the message says why."""


class Ledger(Protocol):
    """A ledger that may be growing."""

    def latest(self) -> bytes:
        """The latest checkpoint, as the ledger signed it."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree (`merkle.NodeReader`)."""
        ...


class Cosignatures(Protocol):
    """What is kept of the witnesses (`storage.cosignatures`); durable when a method returns."""

    def add(
        self, name: str, checkpoint: Checkpoint, note: bytes, cosignature: Cosignature, now_us: int,
        fell_to: int | None = None,
    ) -> None:  # fmt: skip
        """Keep a cosignature."""
        ...

    def failed(self, name: str, witness: VerifierKey, error: str, now_us: int, *, alarm: bool = False) -> None:
        """Keep that a witness was asked in vain."""
        ...

    def keep_signed_elsewhere(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Keep a checkpoint that the ledger's key signed and that its record does not continue."""
        ...

    def standing(self, witness: VerifierKey) -> Standing | None:
        """How far a witness has come; None if it was never asked."""
        ...


class LedgerNotes:
    """A ledger file as it grows. Methods raise StorageFailed."""

    def __init__(self, ledger: LedgerFile) -> None:
        self._ledger = ledger

    def latest(self) -> bytes:
        """The latest checkpoint; nothing of the file is held on to."""
        self._ledger.refresh()
        note = self._ledger.note()
        self._ledger.rest()
        return note

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree, which never changes."""
        return self._ledger.node(level, index)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking one witness."""

    name: str
    witness: VerifierKey
    trouble: Trouble | None
    """Why it did not cosign; None if it did."""


class Cosigner:
    """Asks witnesses for cosignatures and keeps them."""

    def __init__(self, verifier: VerifierKey, ledger: Ledger, store: Cosignatures, post: Post, clock: Clock) -> None:
        self._verifier = verifier
        self._ledger = ledger
        self._store = store
        self._post = post
        self._clock = clock
        self._confirmed: dict[VerifierKey, Checkpoint] = {}
        """What each has cosigned for this object. What is stored does not count: after a restored backup of ledger and
        store it is the witnesses alone who know that there was more, and they tell when they are asked."""

    def lacking(self, witnesses: Mapping[str, PolicyKey]) -> dict[str, PolicyKey]:
        """Those who were not yet heard on the latest checkpoint. Raises SafeconductError where it cannot be read."""
        checkpoint = self._open(self._ledger.latest())
        return {name: one for name, one in witnesses.items() if self._confirmed.get(one.key) != checkpoint}

    async def round(self, witnesses: Mapping[str, PolicyKey]) -> list[Asked]:
        """Ask these, all at once, about the checkpoint that is the latest now; answers in their order.

        Raises SafeconductError where the ledger cannot be read or the store not be written.
        """
        note = self._ledger.latest()
        return list(await asyncio.gather(*(self._ask(name, one, note) for name, one in witnesses.items())))

    async def _ask(self, name: str, one: PolicyKey, note: bytes) -> Asked:
        for _ in range(_FRESH_LOOKS):
            trouble = await self._converse(name, one, note)
            if trouble is None or not trouble.seen:
                break
            # Another program may have asked about entries that were recorded after we looked.
            fresh = self._ledger.latest()
            if self._open(fresh).size < trouble.seen:
                break
            note = fresh
        if trouble is not None and trouble.alarm and await self._proven(one, note):
            trouble = replace(
                trouble, what=f"{trouble.what}. It shows what this ledger's own key has signed; see {RECOVER}"
            )
        if trouble is not None:
            self._store.failed(name, one.key, trouble.what, self._clock.now_us(), alarm=trouble.alarm)
        return Asked(name, one.key, trouble)

    async def _converse(self, name: str, one: PolicyKey, note: bytes) -> Trouble | None:
        checkpoint = self._open(note)
        standing = self._store.standing(one.key)
        asking = Asking(name, one.key, note, checkpoint, self._ledger.node, standing.size if standing else 0)
        turn: AddCheckpoint | Cosignature | Trouble = asking.first()
        while isinstance(turn, AddCheckpoint):
            try:
                reply = await self._post(f"{one.url.rstrip('/')}/add-checkpoint", turn.encode())
            except Unreachable as error:
                return Trouble(f"{name} {error}")
            turn = asking.then(reply)
        if isinstance(turn, Trouble):
            return turn
        self._store.add(name, checkpoint, note, turn, self._clock.now_us(), asking.fell_to)
        self._confirmed[one.key] = checkpoint
        return None

    async def _proven(self, one: PolicyKey, note: bytes) -> bool:
        """Whether a witness can show what it says: a checkpoint with our own signature that our record lacks.

        What it shows is kept, and ends all recording (`app.rolled_back`); what it only says never does.
        """
        try:
            reply = await self._post(f"{one.url.rstrip('/')}/{LATEST_CHECKPOINT}", note)
        except Unreachable:
            return False
        size = self._open(self._ledger.latest()).size
        shown = against(reply.body, self._verifier, size, self._ledger.node) if reply.status == OK else None
        if shown is None:
            return False
        self._store.keep_signed_elsewhere(shown, reply.body)
        return True

    def _open(self, note: bytes) -> Checkpoint:
        return open_checkpoint(note, self._verifier)
