"""The checkpoint that others are given, in copies and under proofs, with the cosignatures that it has."""

from safeconduct.agreement.entries import TermsRecorded
from safeconduct.agreement.terms import read_terms_text
from safeconduct.app.copy_keys import SideWitness
from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.record import Record
from safeconduct.app.workspace import Workspace
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.merkle import range_at
from safeconduct.ledger.note import CheckpointError, split_note


def published_note(workspace: Workspace, record: Record[Entry]) -> bytes:
    """The latest signed checkpoint, with the cosignatures that it has.

    It may be of fewer entries than the ledger holds by now: whoever gives it away gives no more than those.
    """
    latest = record.checkpoint_note()
    text = split_note(latest)[0]
    return next((note for note in cosigned_notes(workspace) if split_note(note)[0] == text), latest)


def note_to_prove(workspace: Workspace, record: Record[Entry], index: int) -> bytes:
    """The checkpoint under which an entry is best proven: with the most cosignatures, of these the latest.

    Notes of another ledger under the same key (before a restored backup, a fork) are passed over.
    """
    found = [(0, record.size(), published_note(workspace, record))]
    for note in cosigned_notes(workspace):
        try:
            checkpoint = open_checkpoint(note, workspace.verifier)
        except CheckpointError:
            continue
        size = checkpoint.size
        if index < size <= record.size() and range_at(size, record.node).root() == checkpoint.root:
            found.append((len(split_note(note)[1]), size, note))
    return max(found)[2]


def witnesses_named(record: Record[Entry]) -> tuple[SideWitness, ...]:
    """The witnesses of the terms on record, by side; none where this reader cannot open them."""
    terms: TermsRecorded | None = None
    for recorded in record.read():
        if isinstance(recorded.body, Opened) and isinstance(recorded.body.entry, TermsRecorded):
            terms = recorded.body.entry
    if terms is None:
        return ()
    try:
        found = read_terms_text("terms", terms.terms_text.encode()).witnesses
    except BadInput:
        return ()
    return tuple(SideWitness(one.of, one.key) for one in found)
