"""Witnesses and clients in memory, over the ports of the product's own code, with faults between any two steps."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from nacl.signing import SigningKey
from tests.ledger.growing import ORIGIN, VERIFIER, GrowingLedger

from safeconduct.app.cosigner import Ledger, Unreachable
from safeconduct.app.witness import Answer, Witness
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.checkpoint import Checkpoint
from safeconduct.ledger.cosignature import Cosignature, verify_cosignature, witness_key
from safeconduct.ledger.cosigning import Reply
from safeconduct.ledger.note import read_signature_lines, split_note
from safeconduct.ledger.policy import PolicyKey
from safeconduct.ledger.witness import LATEST_CHECKPOINT, parse_request
from safeconduct.storage import cosignatures
from safeconduct.storage.cosignatures import CosignatureStore
from safeconduct.storage.sqlite import StorageFailed
from safeconduct.storage.witness_state import LastCosigned

FAULTS = (
    "none",
    "request lost",
    "reply lost",
    "disk full",
    "killed before it persists",
    "killed after it persisted",
    "overtaken",
    "garbage",
    "client killed with the reply",
    "client killed after storing",
)


class Killed(Exception):
    """A process ended here."""


class TickingClock:
    """A second passes whenever it is looked at."""

    def __init__(self) -> None:
        self.now_s = 1_700_000_000

    def now_us(self) -> int:
        """Later than the time before."""
        self.now_s += 1
        return self.now_s * 1_000_000


class Histories:
    """Which entries every root that was ever signed stands for."""

    def __init__(self) -> None:
        self._leaves: dict[tuple[int, bytes], tuple[bytes, ...]] = {}

    def learn(self, ledger: GrowingLedger) -> None:
        """All its checkpoints so far."""
        for size in range(len(ledger.leaves) + 1):
            self._leaves[size, ledger.checkpoint(size).root] = tuple(ledger.leaves[:size])

    def of(self, checkpoint: Checkpoint) -> tuple[bytes, ...]:
        """The entries of a checkpoint."""
        return self._leaves[checkpoint.size, checkpoint.root]


class MemoryInMemory:
    """What a witness remembers; durable unless `fault` says otherwise."""

    def __init__(self) -> None:
        self.notes: dict[str, LastCosigned] = {}
        self.evidence: list[tuple[Checkpoint, bytes, bytes, bool]] = []
        self.fault = "none"
        self.meanwhile: Callable[[], None] = lambda: None

    def last(self, origin: str) -> LastCosigned | None:
        """The last checkpoint."""
        found = self.notes.get(origin)
        if self.fault == "overtaken":
            self.fault = "none"
            self.meanwhile()
        return found

    def swap(self, before: LastCosigned | None, checkpoint: Checkpoint, note: bytes, at_us: int) -> bool:
        """Compare and swap."""
        if self.fault == "disk full":
            raise StorageFailed("the disk is full")
        if self.fault == "killed before it persists":
            raise Killed
        if self.notes.get(checkpoint.origin) != before:
            return False
        self.notes[checkpoint.origin] = LastCosigned(note, at_us)
        if self.fault == "killed after it persisted":
            raise Killed
        return True

    def keep_evidence(self, checkpoint: Checkpoint, note: bytes, cosigned: bytes, *, proven: bool, at_us: int) -> bool:
        """Keep it once."""
        del at_us
        one = (checkpoint, note, cosigned, proven)
        new = one not in self.evidence
        self.evidence += [one] * new
        return new


class Party:
    """A witness with two servers over one key and one memory, and everything that it ever signed, delivered or not."""

    def __init__(self, name: str, clock: TickingClock, memory: type[MemoryInMemory]) -> None:
        self.name = name
        self.key = SigningKey(name.encode() * 32)
        self.policy = PolicyKey(witness_key(f"witness.example/{name}", self.key), f"memory://{name}")
        self.memory = memory()
        self.signed: list[list[tuple[Checkpoint, Cosignature]]] = [[]]
        """By what it remembered: a new list begins whenever its memory was rolled back."""
        self._backups = [dict(self.memory.notes)]
        self._servers = [
            Witness(self.policy.key.name, self.key, {ORIGIN: VERIFIER}, self.memory, clock) for _ in range(2)
        ]
        self._turn = 0

    def answer(self, body: bytes) -> Reply:
        """One of its servers answers. Raises Killed where that one ends before the answer has left."""
        self._turn += 1
        answer = self._servers[self._turn % 2].answer(body)
        if answer.status == 200:
            note = parse_request(body).note
            text, _ = split_note(note)
            (line,) = read_signature_lines(answer.body.decode())
            given = verify_cosignature(text, line, self.policy.key)
            checkpoint, remembered = LastCosigned(note, 0).checkpoint, self.memory.notes.get(ORIGIN)
            assert remembered is not None, "it signed what it does not remember"
            assert remembered.checkpoint.size >= checkpoint.size, "it signed what it does not remember"
            self.signed[-1].append((checkpoint, given))
        return Reply(answer.status, answer.body)

    def latest(self, note: bytes) -> Answer:
        """It shows what it last cosigned."""
        return self._servers[0].latest(note)

    def back_up(self) -> None:
        """A copy of its memory."""
        self._backups.append(dict(self.memory.notes))

    def roll_back(self, number: int) -> None:
        """An older memory is put back, with the old key: what the product refuses, and files cannot always tell."""
        self.memory.notes = dict(self._backups[number % len(self._backups)])
        self.signed.append([])


class StoreInMemory(CosignatureStore):
    """The product's own store, in memory; its process is killed where `fault` says so."""

    def __init__(self, copied: "StoreInMemory | None" = None) -> None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        if copied is None:
            connection.executescript(cosignatures._SCHEMA)
        else:
            copied._connection.backup(connection)
        super().__init__(Path("memory"), connection)
        self.fault = "none"

    def add(
        self,
        name: str,
        checkpoint: Checkpoint,
        note: bytes,
        cosignature: Cosignature,
        now_us: int,
        fell_to: int | None = None,
    ) -> None:
        """Keep a cosignature."""
        if self.fault == "client killed with the reply":
            raise Killed
        super().add(name, checkpoint, note, cosignature, now_us, fell_to)
        if self.fault == "client killed after storing":
            raise Killed

    def lines(self) -> set[tuple[str, str]]:
        """Every cosignature in it, with the text that it stands under."""
        found = self._connection.execute("SELECT note FROM note").fetchall()
        return {(text, one.line) for (note,) in found for text, lines in [split_note(bytes(note))] for one in lines}


class Network:
    """Carries requests to the parties, each with the next of the faults that are drawn."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self._parties = {f"{one.policy.url}/add-checkpoint": one for one in parties}
        self.faults: list[str] = []
        self.store: StoreInMemory | None = None
        self.other: Ledger | None = None
        """A ledger that another client asks about in the same moment."""

    async def post(self, url: str, body: bytes) -> Reply:
        """Raises Unreachable."""
        if url.endswith(LATEST_CHECKPOINT):
            answer = self._parties[url.replace(LATEST_CHECKPOINT, "add-checkpoint")].latest(body)
            return Reply(answer.status, answer.body)
        party = self._parties[url]
        fault = self.faults.pop() if self.faults else "none"
        if self.store is not None:
            self.store.fault = fault
        if fault == "request lost":
            raise Unreachable("cannot be reached")
        party.memory.fault, party.memory.meanwhile = fault, lambda: self._overtake(party)
        try:
            reply = party.answer(body)
        except Killed:
            raise Unreachable("cannot be reached") from None
        except SafeconductError as error:
            reply = Reply(503, str(error).encode())
        finally:
            party.memory.fault = "none"
        if fault == "reply lost":
            raise Unreachable("does not answer")
        return Reply(200, b"<html>\xff") if fault == "garbage" else reply

    def _overtake(self, party: Party) -> None:
        """Another client gets its request in between looking and storing."""
        ledger = self.other
        if isinstance(ledger, GrowingLedger):
            last = party.memory.notes.get(ORIGIN)
            old = last.checkpoint.size if last else 0
            if old <= len(ledger.leaves):
                party.answer(ledger.request(old).encode())
