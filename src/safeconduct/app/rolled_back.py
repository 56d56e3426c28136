"""Whether this is all of the record: what the ledger's own key has signed must be what the record continues.

A checkpoint that the key has signed and the record does not continue is proof that an older copy was put back, or that
another copy went on. Then nothing more is recorded here, for whatever were recorded would be a second history beside
the one that others hold. Nothing less than that signature is proof: a witness may say of itself what it likes.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.merkle import NodeReader, range_at
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.storage.cosignatures import CosignatureStore

RECOVER = "safeconduct ledger recover --help"


class RolledBack(Refused):
    """Nothing may be recorded here: the ledger's key has signed more than this record holds, or something else."""


def against(note: bytes, verifier: VerifierKey, size: int, node: NodeReader) -> Checkpoint | None:
    """The checkpoint, if the ledger's key has signed it and a record of that many entries does not continue it."""
    try:
        checkpoint = open_checkpoint(note, verifier)
    except CheckpointError:
        return None
    if checkpoint.size <= size and range_at(checkpoint.size, node).root() == checkpoint.root:
        return None
    return checkpoint


def why(checkpoint: Checkpoint, size: int) -> str:
    """What a person is told of a record of that many entries which does not continue this checkpoint."""
    if checkpoint.size > size:
        found = f"this record has {size} entries, and its key has signed {checkpoint.size}: an old backup was restored"
    else:
        found = f"this record of {size} entries is another than the one of {checkpoint.size} that its key has signed"
    return f"{found}, or another copy went on. Nothing more is recorded here; get back what is missing: {RECOVER}"


def signed_beyond(path: Path, verifier: VerifierKey, size: int, node: NodeReader) -> str:
    """Why a record is not all that its key has signed, where that came out before; else nothing.

    Raises BadInput or StorageFailed where the file cannot be read.
    """
    signed = SignedSoFar(path, verifier)
    try:
        return signed.proven(size, node)
    finally:
        signed.close()


class SignedSoFar:
    """What is known in a workspace of how far its ledger was signed (`storage.cosignatures`)."""

    def __init__(self, path: Path, verifier: VerifierKey) -> None:
        self._path = path
        self._verifier = verifier
        self._store: CosignatureStore | None = None
        self._written: int | None = None
        self._found: Checkpoint | None = None

    def require(self, size: int, node: NodeReader) -> None:
        """Make sure that a record continues all of it, as its writer holds it now. What does not is kept for good.

        Raises RolledBack, BadInput or StorageFailed where it cannot be read.
        """
        if self._store is None:
            try:
                self._store = CosignatureStore.read(self._path)
            except BadInput as error:
                mend = "move it away: the witnesses are asked again, and tell what it held"
                raise BadInput(replace(one, mend=mend) for one in error.faults) from None
            if self._store is None:
                return
        written = self._store.written()
        if written != self._written:
            for note in self._notes(self._store, size):
                self._found = against(note, self._verifier, size, node)
                if self._found is not None:
                    self._keep(self._found, note)
                    break
            self._written = written
        if self._found is not None:
            raise RolledBack(why(self._found, size))

    def proven(self, size: int, node: NodeReader) -> str:
        """Why nothing may be recorded, where that came out before; else nothing. For whoever only reads.

        Raises BadInput or StorageFailed where it cannot be read.
        """
        if self._store is None:
            self._store = CosignatureStore.read(self._path)
        notes = () if self._store is None else self._store.signed_elsewhere()
        found = next((one for note in notes if (one := against(note, self._verifier, size, node)) is not None), None)
        return "" if found is None else why(found, size)

    def close(self) -> None:
        """Give up the file."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _notes(self, store: CosignatureStore, size: int) -> Iterable[bytes]:
        yield from store.signed_elsewhere()
        yield from store.notes_beyond(size)
        if self._written is None:
            # Only at first: what comes later is cosigned on what this writer has recorded.
            for reached in sorted({one.size for one in store.standings() if one.size}, reverse=True):
                note = store.note_at(reached)
                if note is not None:
                    yield note

    def _keep(self, checkpoint: Checkpoint, note: bytes) -> None:
        store = CosignatureStore.open(self._path)
        try:
            store.keep_signed_elsewhere(checkpoint, note)
        finally:
            store.close()
