"""The end of a record that was lost here, taken back from somebody's copy: a mirror's file, or an exported copy.

A copy holds every leaf, and the leaves are what was signed, hashed and cosigned: with them the record continues what
others hold. It holds no bodies. They stay lost, and an entry says so to every party; what the copy was told of them is
written to a file, for people to record anew.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol

from safeconduct.agreement.entries import RecordRecovered, TermsRecorded
from safeconduct.app.copy_checking import checked_line
from safeconduct.app.exported_copy import ExportedCopy
from safeconduct.app.office import Office
from safeconduct.app.processors import processors
from safeconduct.app.rolled_back import against
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import Clearance, parse_clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Opened
from safeconduct.kernel.errors import BadInput, Fault, Refused, SafeconductError
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger import fsck
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.fsck import BodyState, StoredEntry
from safeconduct.ledger.header import LeafError, parse_leaf
from safeconduct.ledger.merkle import HASH_BYTES, leaf_hash
from safeconduct.ledger.note import CheckpointError, VerifierKey, split_note, to_base64
from safeconduct.storage.cosignatures import CosignatureStore
from safeconduct.storage.durable import write_durably
from safeconduct.storage.ledger_store import LedgerWriter
from safeconduct.storage.mirror_store import MirrorStore
from safeconduct.storage.sealed_bodies import LOST

_BACKUP = "restore a newer backup, if there is one (safeconduct restore)"


@dataclass
class Recovered:
    """What was taken back."""

    first: int
    """Index of the first entry that was taken back; where none was, the size of the record."""
    size: int
    """Entries of the record as it is now, without the one that says so."""
    copy_of: str
    told: dict[str, int] = field(default_factory=dict)
    """What the copy was told of the entries that were taken back: how many there are of each type."""
    file: Path | None = None
    """Where that is written, a line an entry; None where it is nothing."""


class Source(Protocol):
    """A copy of the ledger that somebody holds. Raises SafeconductError where it cannot be read."""

    copy_of: str
    """Whose, by its clearance."""

    def note(self) -> bytes:
        """The signed checkpoint of all that it holds."""
        ...

    def leaves(self) -> Iterator[bytes]:
        """Every leaf, in the order of the ledger."""
        ...

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """What it was told, by entry."""
        ...


def recover(workspace: Workspace, source: Path, clock: Clock, randomness: Randomness) -> Recovered:
    """Take the entries back that this record lacks, and record that this was done.

    All that is taken is checked against a checkpoint that the ledger's own key has signed; it is in the record in one
    step or not at all. Raises BadInput for a file that is no copy of this ledger; Refused where it does not hold what
    is missing, is not sound, or this record went on by itself after it was restored. Then nothing was changed.
    """
    with _opened(source, workspace.verifier) as copy:
        _require_known(workspace, copy.copy_of)
        recovered = _take_back(workspace, copy)
    recorder = workspace.open_recorder(clock, randomness, DECODER)
    try:
        office = Office(recorder, clock)
        said = [range(one.first, one.size) for one in office.state.agreement.recovered]
        with closing(workspace.open_ledger()) as ledger:
            lost = [one for one in ledger.lost() if not any(one in known for known in said)]
        office.record(
            [
                RecordRecovered(
                    occurred_at_us=clock.now_us(),
                    first=run[0],
                    size=run[-1] + 1,
                    root=to_base64(recorder.root_at(run[-1] + 1)),
                    copy_of=recovered.copy_of,
                )
                for run in _runs(lost)
            ]
        )
        if not lost:
            raise Refused(f"{source} has nothing that is missing here: this record has {recovered.size} entries")
    finally:
        recorder.close()
    return recovered


def _require_known(workspace: Workspace, copy_of: str) -> None:
    """Raises Refused for a copy of nobody that the terms name: every party is told whose copy it was."""
    terms = None
    with closing(workspace.open_record(DECODER)) as record:
        for one in record.read():
            if isinstance(one.body, Opened) and isinstance(one.body.entry, TermsRecorded):
                terms = one.body.entry
    named = (copy_of.partition(":")[2],)
    parse_clearance(copy_of, named if terms is None else terms.parties, named)


def _take_back(workspace: Workspace, copy: Source) -> Recovered:
    try:
        note = _as_signed(copy.note(), workspace.verifier)
        checkpoint = open_checkpoint(note, workspace.verifier)
    except CheckpointError as error:
        raise Refused(f"the copy of {copy.copy_of} has no checkpoint that this ledger signed: {error}") from None
    ledger = LedgerWriter.open(workspace.ledger_path)
    try:
        first = ledger.tree.size
        if checkpoint.size <= first:
            return Recovered(first, first, copy.copy_of)
        tail = list(islice(copy.leaves(), first, checkpoint.size))
        lines = [one for one in copy.lines() if first <= one[0] < checkpoint.size]
        longer = _Continued(ledger, note, tail)
        _check(longer, workspace, copy, checkpoint)
        recovered = Recovered(first, checkpoint.size, copy.copy_of)
        kept = [line for line in lines if _tells(line, tail[line[0] - first], copy.copy_of, recovered)]
        if kept:
            recovered.file = _write(workspace.folder / f"lost-from-{first}.jsonl", [line for _, line in kept])
        # The note that was signed then, and cosigned by others: of one tree there is one.
        ledger.append(tail, [LOST] * len(tail), lambda _size, _root: note)
    finally:
        ledger.close()
    return recovered


class _Continued:
    """The record with the entries of a copy after its own, as a check of the whole reads it (`fsck.LedgerReader`)."""

    def __init__(self, ledger: LedgerWriter, note: bytes, tail: Sequence[bytes]) -> None:
        self._ledger = ledger
        self._note = note
        self._tail = tail
        self._first = ledger.tree.size
        tree = ledger.tree.copy()
        self._hashes = [b"".join(tree.append(leaf_hash(leaf))) for leaf in tail]
        self.root = tree.root()

    def checkpoint_note(self) -> bytes:
        """The copy's."""
        return self._note

    def stored_entries(self) -> Iterator[StoredEntry]:
        """All of them, none open."""
        for index, leaf, hashes, *_ in self._ledger.rows():
            yield StoredEntry(index, leaf, hashes, BodyState.SEALED, b"")
        for index, (leaf, hashes) in enumerate(zip(self._tail, self._hashes, strict=True), start=self._first):
            yield StoredEntry(index, leaf, hashes, BodyState.LOST, b"")

    def leaf(self, index: int) -> bytes:
        """A leaf; empty where there is none."""
        if index >= self._first:
            return self._tail[index - self._first] if index - self._first < len(self._tail) else b""
        return self._ledger.leaf(index) or b""

    def node(self, level: int, index: int) -> bytes:
        """A node of the tree."""
        last = (index + 1 << level) - 1
        if last >= self._first:
            return self._hashes[last - self._first][level * HASH_BYTES : (level + 1) * HASH_BYTES]
        return self._ledger.node(level, index)


def _check(longer: _Continued, workspace: Workspace, copy: Source, checkpoint: Checkpoint) -> None:
    """Raises Refused unless record and copy together are sound, and all that was ever signed."""
    if longer.root != checkpoint.root:
        for index, leaf in enumerate(islice(copy.leaves(), checkpoint.size)):
            if longer.leaf(index) != leaf:
                raise Refused(
                    f"this record and the copy of {copy.copy_of} part at entry {index}: what was recorded here since "
                    "is in no copy. Restore the backup anew into a new folder, recover there, and record anew what was "
                    "recorded here"
                )
        raise Refused(f"the entries in the copy of {copy.copy_of} do not hash to the root that was signed")
    with processors() as begin:
        report = fsck.check(longer, workspace.verifier, lambda _entry, _leaf: (), begin=begin)
    if report.problems:
        raise Refused(f"with the entries in the copy of {copy.copy_of} the record is not sound: {report.problems[0]}")
    store = CosignatureStore.read(workspace.cosignatures_path)
    if store is None:
        return
    with closing(store):
        for note in (*store.signed_elsewhere(), *store.notes_beyond(checkpoint.size)):
            lacking = against(note, workspace.verifier, checkpoint.size, longer.node)
            if lacking is not None and lacking.size > checkpoint.size:
                raise Refused(
                    f"the copy of {copy.copy_of} has {checkpoint.size} entries, and {lacking.size} were signed: take "
                    f"one that has all of them, or {_BACKUP}"
                )
            if lacking is not None:
                raise Refused(
                    f"the copy of {copy.copy_of} is of another history than the checkpoint of {lacking.size} entries "
                    "that this ledger's key has signed too: no record can continue both"
                )


def _tells(line: tuple[int, bytes], leaf: bytes, copy_of: str, recovered: Recovered) -> bool:
    """Whether what the copy was told of an entry is what its author committed to; then it is counted."""
    try:
        found, _ = checked_line(line[1], parse_leaf(leaf), _clearance(copy_of))
    except LeafError:
        return False
    if found is not None:
        recovered.told = dict(Counter(recovered.told) + Counter([found.told.type]))
    return found is not None


def _runs(indices: Sequence[int]) -> list[list[int]]:
    """Those that follow one another, together."""
    return [[one for _, one in run] for _, run in groupby(enumerate(indices), lambda pair: pair[1] - pair[0])]


def _write(path: Path, lines: Sequence[bytes]) -> Path:
    try:
        path.unlink(missing_ok=True)
        write_durably(path, b"".join(line + b"\n" for line in lines), 0o600)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise BadInput(Fault(str(path), 0, 0, what, "check the folder")) from None
    return path


def _as_signed(note: bytes, verifier: VerifierKey) -> bytes:
    """A note with the ledger's own signature alone."""
    text, signatures = split_note(note)
    own = dict.fromkeys(one.line for one in signatures if one.is_of(verifier))
    return (f"{text}\n" + "".join(f"{line}\n" for line in own)).encode()


def _clearance(text: str) -> Clearance:
    named = (text.partition(":")[2],)
    return parse_clearance(text, named, named)


@contextmanager
def _opened(path: Path, verifier: VerifierKey) -> Iterator[Source]:
    """Open a copy, of either kind. Raises BadInput."""
    if path.is_dir():
        yield _FromCopy(ExportedCopy.open(path))
        return
    store, copy_of = MirrorStore.read(path, str(verifier))
    try:
        yield _FromMirror(store, copy_of)
    finally:
        store.close()


class _FromMirror:
    def __init__(self, store: MirrorStore, copy_of: str) -> None:
        self._store = store
        self.copy_of = copy_of

    def note(self) -> bytes:
        return self._store.note()

    def leaves(self) -> Iterator[bytes]:
        return (leaf for _, leaf, _ in self._store.leaves())

    def lines(self) -> Iterator[tuple[int, bytes]]:
        return self._store.lines()


class _FromCopy:
    def __init__(self, copy: ExportedCopy) -> None:
        self._copy = copy
        self.copy_of = str(copy.clearance)

    def note(self) -> bytes:
        return self._copy.checkpoint_note()

    def leaves(self) -> Iterator[bytes]:
        yield from self._copy.leaves()
        self._raise_problems()

    def lines(self) -> Iterator[tuple[int, bytes]]:
        yield from self._copy.lines()
        self._raise_problems()

    def _raise_problems(self) -> None:
        if self._copy.problems:
            raise SafeconductError(f"{self._copy.folder}: {self._copy.problems[0]}; run: safeconduct ledger verify")
