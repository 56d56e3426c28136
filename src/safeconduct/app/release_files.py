"""The file of a release: the fields with their proof, sealed to the recipient, made from what stands on the disk."""

from safeconduct.app.officer_keys import require_officer
from safeconduct.app.proving import MadeProof, prove_slots
from safeconduct.app.record import Record, Recorded
from safeconduct.app.release_alarms import is_told
from safeconduct.app.release_rules import release_of
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.release_entries import OnRelease
from safeconduct.disclosure.releases import Release
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.sealed_proof import seal_proof


def release_file(workspace: Workspace, number: int, clock: Clock, randomness: Randomness) -> tuple[bytes, MadeProof]:
    """What is given to the recipient of a release, and what stands in it.

    The same fields to the same key each time that it is made. Raises Refused where the record, as it stands on the
    disk, does not hold all that it takes: a second key's agreement, or one key's break-glass.
    """
    record = workspace.open_record(DECODER)
    try:
        release = recorded_release(record, workspace.intermediary, number, clock.now_us())
    finally:
        record.close()
    made = prove_slots(workspace, release.asked.index, release.asked.slots)
    return seal_proof(made.proof.encode(), bytes.fromhex(release.asked.recipient_key), randomness), made


def recorded_release(record: Record[Entry], intermediary: str, number: int, now_us: int) -> Release:
    """A release as the record has it, by entries that were signed with the keys that they name. Raises Refused."""
    state = Exchange()
    for one in record.read():
        if one.index == 0:
            state.agreement.authors.found(one.author, intermediary)
        if not _names_another(one):
            state.take(one.body)
    release = release_of(state, number)
    if not release.keys:
        raise Refused(
            f"release {number} is proposed by one key: nothing is opened before another agrees; "
            f"safeconduct release agree {number} --key FILE"
        )
    if not is_told(state, release):
        raise Refused(f"the alarm on release {number} is not recorded yet: try again; nothing is opened before")
    for key in release.keys:
        require_officer(state, key, now_us)
    return release


def _names_another(one: Recorded[Entry]) -> bool:
    """Whether it is an entry on a release that names another key than its author's."""
    entry = one.body.entry if isinstance(one.body, Opened) else None
    return isinstance(entry, OnRelease) and entry.public_key != one.author.hex()
