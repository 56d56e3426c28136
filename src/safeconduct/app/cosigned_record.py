"""How much of the record each witness has cosigned, by the notes that were kept."""

from collections.abc import Iterable

from safeconduct.app.workspace import Workspace
from safeconduct.ledger.cosignature import cosigned_by
from safeconduct.ledger.merkle import NodeReader, range_at
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.cosignatures import CosignatureStore


def cosigned_notes(workspace: Workspace) -> list[bytes]:
    """Of each witness that was ever asked the largest checkpoint that it cosigned.

    Raises SafeconductError where they cannot be read.
    """
    store = CosignatureStore.read(workspace.cosignatures_path)
    if store is None:
        return []
    try:
        sizes = {one.size for one in store.standings() if one.size}
        return [note for size in sorted(sizes) if (note := store.note_at(size)) is not None]
    finally:
        store.close()


def cosigned_size(
    notes: Iterable[bytes], ledger: VerifierKey, witness: VerifierKey, size: int, node: NodeReader
) -> int:
    """The largest size, up to `size`, of this very ledger that a witness has cosigned; 0 if it has not.

    A cosignature on another ledger under the same key (before a restored backup, a fork) counts for nothing.
    """
    return max(
        (
            checkpoint.size
            for _, checkpoint, _ in cosigned_by(notes, ledger, witness)
            if checkpoint.size <= size and range_at(checkpoint.size, node).root() == checkpoint.root
        ),
        default=0,
    )
