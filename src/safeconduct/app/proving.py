"""The proof of one entry for somebody who has nothing of the ledger, made from the store in O(log n).

For a party or a facility the entries are read besides up to the one that names it: the terms, which stand near the
beginning, or the facility's enrolment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.app.disclosing import opened_body
from safeconduct.app.exporting import known_clearance
from safeconduct.app.published import note_to_prove
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.commitment import Disclosure
from safeconduct.ledger.fsck import StoredEntry
from safeconduct.ledger.merkle import inclusion_proof
from safeconduct.ledger.proof_file import EntryProof, ProvenEntry, proof_of, verify_proof


@dataclass(frozen=True, slots=True)
class MadeProof:
    """A proof that was made, and, as its own check gives it, what it shows."""

    proof: EntryProof
    proven: ProvenEntry
    clearance: Clearance


def prove(
    workspace: Workspace,
    index: int,
    *,
    clearance: str | None = None,
    fields: Sequence[str] = (),
    note: bytes | None = None,
) -> MadeProof:
    """The proof of an entry under the checkpoint that others are given (`note`, where another is meant).

    It shows these fields; without any, all that the clearance may know; without a clearance nothing. Raises Refused for
    an index beyond the checkpoint, an unknown clearance, and a field that the clearance may not know or that was
    erased; SafeconductError if the ledger is damaged, or a body that is to be shown is closed to this reader.
    """
    record = workspace.open_record(DECODER)
    try:
        known = PUBLIC if clearance is None else known_clearance(record, clearance)
        note = note_to_prove(workspace, record, index) if note is None else note
        checkpoint = open_checkpoint(note, workspace.verifier)
        if not 0 <= index < checkpoint.size:
            last = f"the last is {checkpoint.size - 1}" if checkpoint.size else "it has none"
            raise Refused(f"there is no entry {index} under the checkpoint of {checkpoint.size} entries; {last}")
        entry = record.stored_entry(index)
        asked = clearance is not None or fields
        shown = _shown(entry, known, tuple(fields)) if asked else None
        proof = proof_of(index, entry.leaf, inclusion_proof(index, checkpoint.size, record.node), note, shown)
        # What cannot be verified is not given away: a damaged store is noticed here and not by a stranger.
        try:
            return MadeProof(proof, verify_proof(proof, workspace.verifier), known)
        except SafeconductError as error:
            raise SafeconductError(
                f"entry {index}: it cannot be proven: {error}; run: safeconduct ledger fsck"
            ) from None
    finally:
        record.close()


def _shown(entry: StoredEntry, clearance: Clearance, fields: tuple[str, ...]) -> Disclosure | None:
    body = opened_body(entry)
    if body is None:
        raise Refused(f"entry {entry.index}: its data were erased; leave out --as and --field to prove it without them")
    told = body.told(clearance)
    for name in fields:
        if name not in {one.slot for one in body.fields} and told:
            raise Refused(f"entry {entry.index}: it has no field {name!r}; it has: {', '.join(told)}")
        if name not in told:
            allowed = f"; it may know: {', '.join(told)}" if told else ", nor that there is an entry of its type"
            mend = "" if clearance == INTERMEDIARY else "; name a clearance that may with --as"
            raise Refused(f"entry {entry.index}: {clearance} may not know its field {name!r}{allowed}{mend}")
    return body.show(fields or told) if told else None
