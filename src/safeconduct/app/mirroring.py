"""A party's mirror of a ledger: it follows what the ledger's keeper serves, believes nothing, holds what it checked.

Each step forward is whole: the leaves up to a signed checkpoint, which must hash to its root and so continue all that
the mirror holds; every author's signature, number and chain; what each entry's author had seen of the ledger; times;
and of what the party is told that its authors committed to it, and that it is no more and no less than the party may
know. A checkpoint that contradicts what the mirror holds is kept as evidence with the one that it contradicts.
"""

import enum
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from safeconduct.app.mirror_forgetting import Erased, beyond_erasure, is_erasure, said_lost
from safeconduct.app.mirror_walk import ToldEntry, Walk
from safeconduct.app.processors import processors
from safeconduct.app.told_again import ToldAs
from safeconduct.disclosure.clearance import Clearance
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.cosignature import cosigned_by
from safeconduct.ledger.disclosed_lines import LineError, index_of
from safeconduct.ledger.fsck import with_signatures
from safeconduct.ledger.merkle import CompactRange, leaf_hash, range_at
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.tiles import WIDTH, Tile, TileError, decode_bundle
from safeconduct.storage.mirror_store import Evidence, LeafRow, MirrorStore

LINES_AT_ONCE = 2048
"""Entries whose lines are asked for at once."""


class Unreachable(SafeconductError):
    """The ledger's keeper gave no answer, or none that can be used; the message says what it was."""


class LedgerServed(Protocol):
    """The ledger as its keeper serves it (`web.ledger_source`). Every method raises Unreachable."""

    def checkpoint(self) -> bytes:
        """The latest signed checkpoint."""
        ...

    def bundle(self, tile: Tile) -> bytes:
        """The leaves of a tile."""
        ...

    def lines(self, start: int, end: int) -> bytes:
        """What this clearance is told of these entries."""
        ...

    def cosigned(self) -> list[bytes]:
        """Of each witness the latest checkpoint that it cosigned, with the cosignatures that came for it."""
        ...


class Finding(enum.Enum):
    """What speaks against a ledger."""

    REWRITTEN = "the ledger was rewritten, or this mirror is shown another than before"
    SPLIT = "two ledgers of one size were signed: what this mirror is shown is not what it was shown before"
    ROLLED_BACK = "the ledger is shorter than it was: an old backup was restored, or entries were taken off"


class Contradicted(SafeconductError):
    """The ledger contradicts what the mirror holds; it is kept as evidence."""

    def __init__(self, finding: Finding, what: str) -> None:
        super().__init__(f"{finding.value} ({what})")
        self.finding = finding


class NotSound(SafeconductError):
    """What was served is not sound; nothing of it was taken. `problems` say what, entry by entry."""

    def __init__(self, problems: list[str]) -> None:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ErasureSeen:
    """An erasure that the ledger tells of."""

    index: int
    recorded_at_us: int
    forgotten: int | None
    """Of how many entries nothing is told any more since then, and nothing is held here; None: not looked at yet."""


@dataclass
class Mirrored:
    """What a mirror holds and has checked."""

    checkpoint: Checkpoint
    note: bytes
    """Its signed note, as it was taken."""
    authors: int = 0
    """How many keys signed entries."""
    told: int = 0
    """Entries of which this party is told something."""
    recorded_at_us: int | None = None
    """When the last entry was recorded, by the ledger's clock."""
    evidence: list[Evidence] = field(default_factory=list)
    erasures: list[ErasureSeen] = field(default_factory=list)


class Mirror:
    """The mirror of one party."""

    def __init__(
        self,
        store: MirrorStore,
        verifier: VerifierKey,
        clearance: Clearance,
        on_told: Callable[[int, int, ToldAs], None] = lambda _index, _recorded_at_us, _told: None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Check what the mirror holds already; `on_told` is given each entry that the party is told of, in order.

        Raises SafeconductError if the file is not what this mirror wrote.
        """
        self._store = store
        self._verifier = verifier
        self._clearance = clearance
        self._on_told = on_told
        self._walk = Walk(store, verifier, clearance)
        self._told = 0
        self._erasures: dict[int, int] = {}
        """When each erasure was recorded that the party is told of, by its index."""
        self._lost: set[range] = set()
        self._checkpoint = Checkpoint(verifier.name, 0, CompactRange().root())
        self._note = store.note()
        self._read_own(progress)

    @property
    def size(self) -> int:
        """How many entries it holds."""
        return self._checkpoint.size

    def standing(self) -> Mirrored:
        """What it holds now."""
        checks = self._walk.checks
        last_us = checks.recorded_at_us if self._checkpoint.size else None
        compared, forgotten = self._store.compared(), self._store.forgotten()
        erasures = [
            ErasureSeen(index, at_us, forgotten.get(index, 0) if index in compared else None)
            for index, at_us in self._erasures.items()
        ]
        evidence = self._store.evidence()
        return Mirrored(self._checkpoint, self._note, len(checks.chains), self._told, last_us, evidence, erasures)

    def follow(self, source: LedgerServed, now_us: int, progress: Callable[[int], None] = lambda _: None) -> bool:
        """Move on to the latest checkpoint; whether that brought entries.

        Raises Unreachable, NotSound (then nothing was taken), or Contradicted (then evidence was kept).
        """
        return self.follow_to(source.checkpoint(), source, now_us, progress)

    def follow_to(
        self, note: bytes, source: LedgerServed, now_us: int, progress: Callable[[int], None] = lambda _: None
    ) -> bool:
        """Move on to this checkpoint; whether that brought entries. One that the mirror is past must be of its past.

        Raises as `follow`.
        """
        try:
            checkpoint = open_checkpoint(note, self._verifier)
        except CheckpointError as error:
            raise NotSound([f"the checkpoint is not valid under the ledger's key: {error}"]) from None
        held = self._checkpoint
        if checkpoint.size < held.size:
            if self._root_at(checkpoint.size) != checkpoint.root:
                self._contradict(Finding.REWRITTEN, note, f"at {checkpoint.size} entries", now_us)
            return False
        if checkpoint.size == held.size:
            if checkpoint.root != held.root:
                self._contradict(Finding.SPLIT, note, f"of {held.size} entries", now_us)
            return False
        self._take(note, checkpoint, source, now_us, progress)
        return True

    def compare(self, note: bytes, now_us: int) -> None:
        """Look for what speaks against the ledger in the checkpoint that it serves as its latest.

        Unlike one that was sent once upon a time, it may not be shorter than what the mirror holds. Raises as `follow`.
        """
        try:
            checkpoint = open_checkpoint(note, self._verifier)
        except CheckpointError as error:
            raise NotSound([f"the checkpoint is not valid under the ledger's key: {error}"]) from None
        if checkpoint.size < self._checkpoint.size:
            what = f"{checkpoint.size} entries, where there were {self._checkpoint.size}"
            self._contradict(Finding.ROLLED_BACK, note, what, now_us)

    def cosigned_by(self, notes: Iterable[bytes], witness: VerifierKey, now_us: int) -> tuple[int, int | None]:
        """The largest size of what this mirror holds that a witness has cosigned by these notes, and when it did.

        Notes that are none, or of more than the mirror holds, are passed over. Raises Contradicted where a witness was
        shown another ledger, signed by the same key, than this mirror.
        """
        size, at_s = 0, None
        for note, checkpoint, cosignature in cosigned_by(notes, self._verifier, witness):
            if checkpoint.size > self._checkpoint.size:
                continue
            if self._root_at(checkpoint.size) != checkpoint.root:
                self._contradict(Finding.SPLIT, note, f"of {checkpoint.size} entries, as others were shown it", now_us)
            if checkpoint.size >= size:
                size, at_s = checkpoint.size, cosignature.at_s
        return size, at_s

    def lacking_before_us(self) -> int:
        """Until when this mirror may lack what others were told: data were erased before it began. 0: it lacks none."""
        return max((self._erasures[index] for index in self._store.earlier()), default=0)

    def erased(self, source: LedgerServed) -> Erased | None:
        """What this mirror must forget, since the ledger tells of erasures; None where there are no new ones.

        The ledger does not tell whose data were erased: it is what it told and tells no more. Raises Unreachable, or
        NotSound where that is more than an erasure can reach.
        """
        erasures = self._erasures.keys() - self._store.compared()
        if not erasures:
            return None
        end = max(erasures)
        told = {index for index, _ in self._served_lines(source, 0, end)}
        held = (index for index, _ in self._store.lines() if index < end and index not in told)
        gone = frozenset(index for index in held if not any(index in lost for lost in self._lost))
        problems = beyond_erasure(self._store.lines(), gone)
        if problems:
            raise NotSound(problems)
        return Erased(frozenset(erasures), gone)

    def forget(self, erased: Erased, excused: Callable[[], Collection[str]] = tuple) -> None:
        """Forget what was erased, for good; `on_told` is given anew all that the party is still told.

        `excused` is asked afterwards what is found only since then (`PartyWatch.unshown`). Raises StorageFailed.
        """
        if erased.gone:
            self._told = 0
            for told in self._walk_stored(without=erased.gone):
                self._tell(told)
        self._store.forget(erased.gone, erased.erasures, excused() if erased.gone else ())

    def told_lines(self) -> Iterator[tuple[int, bytes]]:
        """What the party was told, as lines of `disclosed.jsonl`."""
        return self._store.lines()

    def _read_own(self, progress: Callable[[int], None]) -> None:
        problem = ""
        try:
            for told in self._walk_stored(progress):
                self._tell(told)
            if self._note:
                self._checkpoint = open_checkpoint(self._note, self._verifier)
        except CheckpointError as error:
            problem = str(error)
        problems, tree = self._walk.report.problems, self._walk.checks.tree
        if not problem and problems:
            problem = str(problems[0])
        if not problem and (tree.size, tree.root()) != (self._checkpoint.size, self._checkpoint.root):
            problem = "it does not fit its checkpoint"
        if problem:
            raise SafeconductError(
                f"{self._store.path}: was changed since this mirror wrote it: {problem}; keep it aside, and begin anew"
            )

    def _walk_stored(
        self, progress: Callable[[int], None] = lambda _: None, without: Collection[int] = ()
    ) -> Iterator[ToldEntry]:
        """Check what is stored from the beginning: what was told of each entry, but for some."""
        self._walk = Walk(self._store, self._verifier, self._clearance)
        lines = (one for one in self._store.lines() if one[0] not in without)
        at, line = next(lines, (-1, b""))
        for row in self._store.leaves():
            shown = b""
            if at == row[0]:
                shown = line
                at, line = next(lines, (-1, b""))
            # Signatures were checked when the leaves were taken, and their hashes are checked now.
            self._walk.take(row, shown, signature_holds=True)
            yield from self._walk.told_now()
            progress(row[0] + 1)

    def _take(
        self,
        note: bytes,
        checkpoint: Checkpoint,
        source: LedgerServed,
        now_us: int,
        progress: Callable[[int], None],
    ) -> None:
        first = self._checkpoint.size
        tree = self._walk.checks.tree.copy()
        leaves: list[bytes] = []
        rows: list[LeafRow] = []
        for leaf in self._served_leaves(source, first, checkpoint.size):
            rows.append((tree.size, leaf, b"".join(tree.append(leaf_hash(leaf)))))
            leaves.append(leaf)
            progress(tree.size)
        if tree.root() != checkpoint.root:
            self._tell_rewritten(note, checkpoint, source, now_us)
        lines = list(self._served_lines(source, first, checkpoint.size))
        try:
            problems, told = self._check(rows, dict(lines))
            if problems:
                raise NotSound(problems)
            with self._store.step() as add:
                add(rows, lines)
                self._store.put_note(note)
                if first == 0:  # what is told now lacks already what they took
                    erasures = [one.position for one in told if is_erasure(one.told)]
                    self._store.compare(erasures, earlier=True)
        except SafeconductError:
            # The checks went on into entries that are not taken: begin them anew from what is held.
            for _ in self._walk_stored():
                pass
            raise
        self._walk.stored.clear()
        self._checkpoint, self._note = checkpoint, note
        for one in told:
            self._tell(one)

    def _tell_rewritten(self, note: bytes, checkpoint: Checkpoint, source: LedgerServed, now_us: int) -> NoReturn:
        """Entries that were served do not continue what we hold to the root that was signed: who is at fault?

        Nobody is accused because of a bad line: only where all entries that are served now do hash to what is signed
        now, so that the ledger's keeper did sign two histories.
        """
        tree, differs = CompactRange(), None
        own = self._store.leaves()
        for leaf in self._served_leaves(source, 0, checkpoint.size):
            held = next(own, None)
            if differs is None and held is not None and held[1] != leaf:
                differs = tree.size
            tree.append(leaf_hash(leaf))
        if tree.root() != checkpoint.root or differs is None:
            raise NotSound(
                [f"the entries that are served do not hash to the root signed for {checkpoint.size} entries"]
            )
        self._contradict(Finding.REWRITTEN, note, f"entry {differs} is another than it was", now_us)

    def _check(self, rows: list[LeafRow], lines: dict[int, bytes]) -> tuple[list[str], list[ToldEntry]]:
        """Check new entries one by one: what is wrong, and what is told of them."""
        walk = self._walk
        walk.stored.add(rows)
        entries = (walk.entry(row, lines.get(row[0], b"")) for row in rows)
        with processors() as begin:
            for entry, leaf, signature_holds in with_signatures(entries, begin):
                walk.checks.take(entry, leaf, signature_holds)
        return [str(problem) for problem in walk.report.problems], walk.told_now()

    def _served_leaves(self, source: LedgerServed, first: int, size: int) -> Iterator[bytes]:
        for index in range(first // WIDTH, -(-size // WIDTH)):
            width = min(WIDTH, size - index * WIDTH)
            tile = Tile(0, index, width)
            try:
                leaves = decode_bundle(source.bundle(tile), width)
            except TileError as error:
                raise NotSound([f"{tile.bundle_path()} is no bundle of entries: {error}"]) from None
            yield from leaves[max(0, first - index * WIDTH) :]

    def _served_lines(self, source: LedgerServed, first: int, size: int) -> Iterator[tuple[int, bytes]]:
        last = first - 1
        for start in range(first, size, LINES_AT_ONCE):
            end = min(size, start + LINES_AT_ONCE)
            for line in source.lines(start, end).splitlines():
                try:
                    index = index_of(line)
                except LineError as error:
                    raise NotSound([f"a line of what is told of entries {start} to {end}: {error}"]) from None
                if not max(last, start - 1) < index < end:
                    raise NotSound(
                        [f"a line tells of entry {index} where one of {max(last + 1, start)} to {end} is due"]
                    )
                last = index
                yield index, line

    def _tell(self, one: ToldEntry) -> None:
        self._told += 1
        if is_erasure(one.told):
            self._erasures[one.position] = one.recorded_at_us
        self._lost.add(said_lost(one.position, one.told))
        self._on_told(one.position, one.recorded_at_us, one.told)

    def _root_at(self, size: int) -> bytes:
        return range_at(size, self._store.node).root()

    def _contradict(self, finding: Finding, note: bytes, what: str, now_us: int) -> NoReturn:
        self._store.keep(Evidence(now_us, finding.value, self._note, note))
        raise Contradicted(finding, what)
